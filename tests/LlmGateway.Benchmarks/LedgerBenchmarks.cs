using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Ledger;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Protocols.Usage;
using LlmGateway.Requests;
using LlmGateway.Upstream;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Benchmarks;

/// <summary>A row on its way to the disk; figures are for one row. The database is emptied after each iteration, hence the fixed counts.</summary>
[MemoryDiagnoser]
[InvocationCount(Invocations)]
public class LedgerBenchmarks
{
    private const int Invocations = 128;
    private const int Batch = 64;

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly List<IntentSlot> _slots = [];
    private BenchmarkFolder _folder = null!;
    private IntentStore _store = null!;
    private SqliteLedgerWriter _writer = null!;
    private SlotLedger _ledger = null!;
    private InferenceRequest _request = null!;
    private Exchange _exchange = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _folder = new BenchmarkFolder();
        _request = BenchmarkData.Read(BenchmarkData.Chat(512));
        _exchange = NewExchange();
        _ledger = new SlotLedger(_folder.Database, new LedgerOptions(), new NoIntentPricing(), TimeProvider.System,
            new LedgerMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<SlotLedger>.Instance);
        await _ledger.StartAsync(CancellationToken.None);
        _store = new IntentStore(Directory.CreateDirectory(Path.Combine(_folder.Database.Folder, "slots")).FullName, new LedgerOptions());
        _store.Open();
        _writer = new SqliteLedgerWriter(_folder.Database);
        for (var i = 0; i < Batch; i++)
        {
            _slots.Add(_store.TryTake()!);
        }
    }

    [IterationCleanup]
    public void Empty() => _folder.Empty();

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        _writer.Dispose();
        await _ledger.StopAsync(CancellationToken.None);
        await _ledger.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>Intent and settlement into the slot: what survives a killed process.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public int Slot()
    {
        var length = 0;
        foreach (var slot in _slots)
        {
            length += Fill(slot, _exchange);
        }

        return length;
    }

    /// <summary>Rows with new ids, 64 of them in one transaction. Includes making the exchange and filling the slot.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public void Batch_insert()
    {
        foreach (var slot in _slots)
        {
            Fill(slot, NewExchange());
        }

        _writer.Write(_slots);
    }

    /// <summary>A row alone, from intent to commit. Includes making the exchange.</summary>
    [Benchmark]
    public async Task Alone()
    {
        var exchange = NewExchange();
        exchange.Attempt!.Intent = _ledger.Begin(exchange, exchange.Attempt);
        await _ledger.SettleAsync(exchange.Attempt, CacheResult.Off);
    }

    private static int Fill(IntentSlot slot, Exchange exchange)
    {
        var memory = slot.Memory;
        LedgerCells.WriteIntent(memory.IntentRoom, exchange, RowHead.Of(exchange.Attempt!), "node-1", out var intent);
        memory.PublishIntent(intent);
        var settlement = LedgerCells.WriteSettlement(memory.SettlementRoom, exchange.Attempt!, CacheResult.Off, BenchmarkData.Noon);
        memory.PublishSettlement(settlement);
        return intent + settlement;
    }

    private Exchange NewExchange()
    {
        var exchange = BenchmarkData.Exchange(_request);
        var attempt = exchange.Attempt!;
        attempt.Clock.Dispose();
        attempt.FirstEventAt = attempt.FinishedAt = BenchmarkData.Noon;
        attempt.Outcome = new AttemptOutcome(AttemptResult.Succeeded, 200);
        attempt.Measured(new TokenUsage(1200, 1024, 0, 300, 120));
        attempt.Cost = new Money(0.000123m, Currency.Usd);
        attempt.PriceRef = "simulator/sim-small@2026-01-01";
        attempt.PriceStatus = PriceStatus.Priced;
        return exchange;
    }
}

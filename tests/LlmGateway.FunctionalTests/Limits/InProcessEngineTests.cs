using LlmGateway.Limits;
using LlmGateway.Limits.InProcess;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.FunctionalTests.Limits;

public sealed class InProcessEngineTests : EngineProperties
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 10, 12, 0, 0, TimeSpan.Zero));
    private readonly FakeLedger _ledger;

    public InProcessEngineTests() => _ledger = new FakeLedger(_time);

    private protected override FakeLedger Ledger => _ledger;

    public override Task DisposeAsync() => Task.CompletedTask;

    private protected override Task<IReservationEngine[]> StartAsync() =>
        Task.FromResult<IReservationEngine[]>([new InProcessEngine(new AccountHistory(_ledger, Configuration), Configuration, _time, NullLogger<InProcessEngine>.Instance)]);

    private protected override Task SettledAsync() => Task.CompletedTask;

    private protected override Task PassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

using System.Globalization;
using System.Text.Unicode;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>The settlement of an answer that came from a cache: nothing was bought, and what it had cost the first time stands beside that.</summary>
internal static class CacheCells
{
    /// <summary>Writes it, and says how long it is.</summary>
    public static int WriteSettlement(Span<byte> room, Exchange exchange, in CachedAnswer answer, DateTimeOffset finishedAt)
    {
        var cells = new CellWriter(room);
        cells.Name(answer.ModelAnswered);
        cells.Null();
        cells.Time(finishedAt);
        cells.Integer(StatusCodes.Status200OK);
        cells.Null();
        cells.Name(answer.FinishReason);
        LedgerCells.Tokens(ref cells, default, UsageSource.Measured);
        Saved(ref cells, answer);
        cells.Text(LedgerNames.Of(UsageSource.Measured));
        LedgerCells.Cost(ref cells, new Money(0, answer.Saved?.Currency ?? CurrencyOf(exchange)), priceRef: null);
        cells.Text(LedgerNames.Of(PriceStatus.Priced));
        cells.Text(LedgerNames.Of(exchange.CacheResult));
        LedgerCells.Amount(ref cells, answer.Saved);
        return cells.Length;
    }

    // Figures of what was not bought are no usage: they stand apart from the columns of tokens.
    private static void Saved(ref CellWriter cells, in CachedAnswer answer)
    {
        Span<byte> json = stackalloc byte[128];
        Utf8.TryWrite(
            json,
            CultureInfo.InvariantCulture,
            $$"""{"saved_input_tokens":{{answer.InputTokens}},"saved_output_tokens":{{answer.OutputTokens}},"saved_ms":{{Math.Max((long)answer.SavedTime.TotalMilliseconds, 0)}}}""",
            out var length);
        cells.Text(json[..length]);
    }

    private static Currency CurrencyOf(Exchange exchange) =>
        exchange.Key is { } key && exchange.Snapshot.Tenants.TryGetValue(key.Tenant, out var tenant) && tenant.Currency is { } chosen
            ? chosen
            : exchange.Snapshot.Rates.Base;
}

using System.Globalization;
using System.Text.Unicode;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Ledger;

/// <summary>
/// The columns of a row and their order in a slot: first those known before the attempt, then what only a restart reads,
/// in the settlement the rest.
/// </summary>
internal static class LedgerCells
{
    /// <summary>Columns of the intent, in order.</summary>
    public static readonly string[] IntentColumns =
    [
        "operation_id", "attempt", "cause", "tenant", "project", "key_id", "user_id", "tags", "dialect", "endpoint", "route", "deployment",
        "provider", "model_asked", "stream", "started_at", "node", "schema", "request_id",
    ];

    /// <summary>Columns of the settlement, in order.</summary>
    public static readonly string[] SettlementColumns =
    [
        "model_answered", "first_event_at", "finished_at", "status", "error_class", "finish_reason", "input_tokens", "cached_input_tokens",
        "cache_write_tokens", "output_tokens", "reasoning_tokens", "units", "usage_source", "currency", "cost", "price_ref", "price_status",
        "cache_status", "cache_saving", "cost_parts",
    ];

    /// <summary>Index of <c>cause</c> among the columns of the intent.</summary>
    public const int CauseColumn = 2;

    /// <summary>Index of <c>tags</c> among the columns of the intent.</summary>
    public const int TagsColumn = 7;

    private const int Schema = 1;

    // Three names, fourteen numbers, short words, what a cache saved and five parts of a cost: 1,000 bytes at the very most.
    private const int SettlementReserve = 1000;

    // Behind the tags: seven names, and short words and numbers.
    private const int ReserveAfterTags = (7 * (CellWriter.LongestName + CellWriter.TextOverhead)) + 128;

    private static ReadOnlySpan<byte> NoTags => "{}"u8;

    private static ReadOnlySpan<byte> TagsMissing => """{"gateway.tags":"lost"}"""u8;

    /// <summary>Writes the intent; false when the tags are too long for the slot and a mark stands in their place.</summary>
    public static bool WriteIntent(Span<byte> room, Exchange exchange, in RowHead row, string node, out int length)
    {
        var key = exchange.Key;
        var cells = new CellWriter(room);
        cells.Id(exchange.OperationId);
        cells.Integer(row.Number);
        cells.Text(LedgerNames.Of(row.Cause));
        cells.Name(key?.Tenant);
        cells.Name(key?.Project);
        cells.Name(key?.Id);
        cells.Name(exchange.User);

        var tags = exchange.Tags.IsEmpty ? NoTags : exchange.Tags.Span;
        var fits = tags.Length + CellWriter.TextOverhead <= SlotMemory.Capacity - SettlementReserve - ReserveAfterTags - cells.Length;
        cells.Text(fits ? tags : TagsMissing);

        cells.Text(LedgerNames.Of(exchange.Dialect));
        cells.Text(LedgerNames.Of(exchange.Door));
        cells.Name(exchange.Route);
        cells.Name(row.Deployment);
        cells.Name(row.Provider);
        cells.Name(exchange.Request?.Model);
        cells.Boolean(exchange.Request?.Stream ?? false);
        cells.Time(row.StartedAt);
        cells.Name(node);
        cells.Integer(Schema);
        cells.Name(exchange.RequestId);

        cells.Integer(row.StartedAt.UtcTicks);
        cells.Integer(exchange.Request?.InputTokenEstimate ?? 0);
        cells.Name(row.PriceName);
        length = cells.Length;
        return fits;
    }

    /// <summary>Writes the settlement of an attempt that has ended, and says how long it is.</summary>
    public static int WriteSettlement(Span<byte> room, Attempt attempt, CacheResult cache, DateTimeOffset finishedAt)
    {
        var outcome = attempt.Outcome;
        var cells = new CellWriter(room);
        cells.Name(attempt.ModelAnswered);
        cells.Time(attempt.FirstEventAt);
        cells.Time(finishedAt);
        cells.Integer(outcome?.Status);
        Word(ref cells, LedgerNames.Of(outcome));
        cells.Name(attempt.FinishReason);
        Tokens(ref cells, attempt.Usage, attempt.UsageSource);
        cells.Null();
        cells.Text(LedgerNames.Of(attempt.UsageSource));
        Cost(ref cells, attempt.Cost, attempt.PriceRef);
        cells.Text(LedgerNames.Of(attempt.PriceStatus));
        cells.Text(LedgerNames.Of(cache));
        Amount(ref cells, attempt.CacheSaving);
        Parts(ref cells, attempt.CostSplit);
        return cells.Length;
    }

    /// <summary>
    /// Writes the settlement of an answer that no provider was asked for, and says how long it is: nothing used, nothing paid, and apart from that what
    /// was saved.
    /// </summary>
    /// <param name="unpaid">The currency of the cost of 0.</param>
    public static int WriteSaved(Span<byte> room, in CachedAnswer answer, CacheResult cache, Catalog.Currency unpaid, DateTimeOffset finishedAt)
    {
        var cells = new CellWriter(room);
        cells.Name(answer.ModelAnswered);
        cells.Null();
        cells.Time(finishedAt);
        cells.Integer(StatusCodes.Status200OK);
        cells.Null();
        cells.Name(answer.FinishReason);
        Tokens(ref cells, default, UsageSource.Measured);
        Saved(ref cells, answer);
        cells.Text(LedgerNames.Of(UsageSource.Measured));
        Cost(ref cells, new Catalog.Money(0, unpaid), priceRef: null);
        cells.Text(LedgerNames.Of(Catalog.PriceStatus.Priced));
        cells.Text(LedgerNames.Of(cache));

        // Columns keep nine decimals; parts of a price of a batch may have more.
        Amount(ref cells, answer.Saved?.Round());
        cells.Null();
        return cells.Length;
    }

    /// <summary>Writes the settlement of an attempt whose gateway died, and says how long it is.</summary>
    public static int WriteInterrupted(Span<byte> room, TokenUsage estimate, Catalog.Money? cost, Catalog.CostSplit? split, string? priceRef, DateTimeOffset finishedAt)
    {
        var cells = new CellWriter(room);
        cells.Null();
        cells.Null();
        cells.Time(finishedAt);
        cells.Null();
        cells.Text(LedgerNames.Interrupted);
        cells.Null();
        Tokens(ref cells, estimate, UsageSource.Estimated);
        cells.Null();
        cells.Text(LedgerNames.Of(UsageSource.Estimated));
        Cost(ref cells, cost, priceRef);
        cells.Text(LedgerNames.Of(cost is null ? Catalog.PriceStatus.Unpriced : Catalog.PriceStatus.Estimated));
        cells.Text(LedgerNames.Of(CacheResult.Off));
        cells.Null();
        Parts(ref cells, split);
        return cells.Length;
    }

    private static void Saved(ref CellWriter cells, in CachedAnswer answer)
    {
        Span<byte> units = stackalloc byte[160];
        Utf8.TryWrite(
            units,
            CultureInfo.InvariantCulture,
            $"{{\"saved_input_tokens\":{answer.InputTokens},\"saved_output_tokens\":{answer.OutputTokens},\"saved_ms\":{Math.Max(0, (long)answer.SavedTime.TotalMilliseconds)}}}",
            out var length);
        cells.Text(units[..length]);
    }

    // What nobody knows is NULL, not 0.
    private static void Tokens(ref CellWriter cells, TokenUsage usage, UsageSource source)
    {
        var known = source is not UsageSource.Unknown;
        cells.Integer(known ? usage.InputTokens : null);
        cells.Integer(known ? usage.CachedInputTokens : null);
        cells.Integer(known ? usage.CacheWriteTokens : null);
        cells.Integer(known ? usage.OutputTokens : null);
        cells.Integer(known ? usage.ReasoningTokens : null);
    }

    private static void Cost(ref CellWriter cells, Catalog.Money? cost, string? priceRef)
    {
        cells.Name(cost?.Currency.Code);
        Amount(ref cells, cost);
        cells.Name(priceRef);
    }

    private static void Amount(ref CellWriter cells, Catalog.Money? money)
    {
        if (money is { } known)
        {
            cells.Amount(known.Amount);
        }
        else
        {
            cells.Null();
        }
    }

    /// <summary>A JSON array, in the order of the parts.</summary>
    private static void Parts(ref CellWriter cells, Catalog.CostSplit? split)
    {
        if (split is not { } known)
        {
            cells.Null();
            return;
        }

        Span<byte> json = stackalloc byte[(Catalog.CostSplit.Parts * 21) + 2];
        Utf8.TryWrite(
            json, CultureInfo.InvariantCulture, $"[{known.Input},{known.CachedInput},{known.CacheWrite},{known.Output},{known.Other}]", out var length);
        cells.Text(json[..length]);
    }

    private static void Word(ref CellWriter cells, ReadOnlySpan<byte> word)
    {
        if (word.IsEmpty)
        {
            cells.Null();
        }
        else
        {
            cells.Text(word);
        }
    }
}

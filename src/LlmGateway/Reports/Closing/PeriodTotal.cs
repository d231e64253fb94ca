using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Reports.Closing;

/// <summary>
/// What a tenant used in a month, and what it cost in one currency; the attempts that have no cost are apart, without a currency. The digest of a close is
/// taken over its text: a member that is added, renamed or moved makes every close before look tampered with.
/// </summary>
/// <param name="Cost">With nine decimals; null where there is no currency.</param>
internal sealed record PeriodTotal(
    string? Tenant,
    string? Currency,
    long Requests,
    long Attempts,
    long InputTokens,
    long CachedInputTokens,
    long CacheWriteTokens,
    long OutputTokens,
    long ReasoningTokens,
    long UnpricedAttempts,
    string? Cost)
{
    /// <summary>Figures of the ledger's sums, in the order of the record.</summary>
    public static readonly IReadOnlyList<string> Figures =
        ["requests", "attempts", "input_tokens", "cached_input_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens", "unpriced_attempts"];

    /// <param name="figures">As <see cref="Figures"/> has them.</param>
    public static PeriodTotal Of(string? tenant, string? currency, IReadOnlyList<long> figures, string? cost) =>
        new(tenant, currency, figures[0], figures[1], figures[2], figures[3], figures[4], figures[5], figures[6], figures[7], cost);

    /// <summary>The same totals are the same text, whoever counted them.</summary>
    public static string Write(IEnumerable<PeriodTotal> totals) => JsonSerializer.Serialize(
        [.. totals.OrderBy(static total => total.Tenant, StringComparer.Ordinal).ThenBy(static total => total.Currency, StringComparer.Ordinal)],
        ClosingJson.Default.IReadOnlyListPeriodTotal);

    public static IReadOnlyList<PeriodTotal> Read(string text) => JsonSerializer.Deserialize(text, ClosingJson.Default.IReadOnlyListPeriodTotal)!;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(IReadOnlyList<PeriodTotal>))]
internal sealed partial class ClosingJson : JsonSerializerContext;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>What one side counts of a model on a day. Null for what it does not tell.</summary>
/// <param name="Input">Without what came from a prompt cache or was written to one.</param>
internal sealed record Figures(long? Requests, long? Input, long? CachedInput, long? CacheWrite, long? Output, decimal? Cost)
{
    public static readonly Figures None = new(null, null, null, null, null, null);

    public long? Tokens => Input is null && Output is null && CachedInput is null && CacheWrite is null ? null : (Input ?? 0) + (CachedInput ?? 0) + (CacheWrite ?? 0) + (Output ?? 0);

    public Figures Plus(Figures other) => new(
        Sum(Requests, other.Requests), Sum(Input, other.Input), Sum(CachedInput, other.CachedInput), Sum(CacheWrite, other.CacheWrite), Sum(Output, other.Output),
        Cost is { } one && other.Cost is { } two ? one + two : Cost ?? other.Cost);

    private static long? Sum(long? left, long? right) => left is { } one && right is { } other ? one + other : left ?? right;
}

/// <summary>A model on a day, in one currency; an empty currency where nothing tells one.</summary>
internal readonly record struct Cell(string Day, string Model, string Currency);

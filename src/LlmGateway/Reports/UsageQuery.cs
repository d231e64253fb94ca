namespace LlmGateway.Reports;

/// <summary>What a usage report is asked for. The interval is half-open and counts an attempt where it started.</summary>
internal sealed record UsageQuery(
    DateTimeOffset From,
    DateTimeOffset To,
    IReadOnlyList<UsageGroup> Groups,
    IReadOnlyList<UsageFilter> Filters);

/// <summary>Keeps rows whose value is one of these.</summary>
internal sealed record UsageFilter(UsageGroup Group, IReadOnlyList<string> Values);

/// <summary>A report that cannot be made as asked for.</summary>
/// <param name="parameter">Which parameter is at fault.</param>
/// <param name="message">What is wrong with it and what is allowed.</param>
internal sealed class UsageQueryException(string parameter, string message) : Exception(message)
{
    public string Parameter { get; } = parameter;
}

namespace LlmGateway.Reports.Focus;

/// <summary>What a charge is for. Each kind has a price of its own, and so a row of its own.</summary>
/// <param name="Name">As it ends the id of a SKU.</param>
/// <param name="Meter">As people read it.</param>
internal sealed record FocusKind(string Name, string Meter)
{
    /// <summary>In the order of the parts of a cost.</summary>
    public static readonly IReadOnlyList<FocusKind> Parts =
    [
        new("input", "Input Tokens"),
        new("cached_input", "Cached Input Tokens"),
        new("cache_write", "Cache Write Tokens"),
        new("output", "Output Tokens"),
        new("request", "Requests"),
    ];

    /// <summary>What cannot be told apart: attempts of a version that did not keep the parts of a cost.</summary>
    public static readonly FocusKind Tokens = new("tokens", "Tokens");

    /// <summary>What finance booked by hand or by re-rating: an amount without a quantity.</summary>
    public static readonly FocusKind Correction = new("correction", "Corrections");

    /// <summary>The kind that is not counted in tokens.</summary>
    public bool IsRequest => this == Parts[^1];
}

using System.IO.Enumeration;

namespace LlmGateway.Simulator.Faults;

/// <summary>A fault for requests that match. Rules are asked in order; the first that matches and fires is taken.</summary>
/// <param name="Fault">The fault, in the grammar of <see cref="FaultGrammar"/>.</param>
public sealed record FaultRule(string Fault)
{
    /// <summary>The path it is for, with <c>*</c> for anything, as <c>/v1/chat/*</c>; null for all.</summary>
    public string? Path { get; init; }

    /// <summary>The model it is for, with <c>*</c> for anything; null for all, also for requests without a model.</summary>
    public string? Model { get; init; }

    /// <summary>How many requests it strikes before it is spent; null for no end.</summary>
    public int? Count { get; init; }

    /// <summary>The chance that it strikes a matching request, 0 to 1, drawn with the seed of the simulator. Default 1.</summary>
    public double Probability { get; init; } = 1;

    internal bool Matches(string path, string? model) =>
        (Path is null || FileSystemName.MatchesSimpleExpression(Path, path, ignoreCase: false))
        && (Model is null || (model is not null && FileSystemName.MatchesSimpleExpression(Model, model, ignoreCase: false)));
}

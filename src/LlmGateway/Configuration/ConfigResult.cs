using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration;

/// <summary>What a reading of the configuration came to.</summary>
internal sealed record ConfigResult
{
    /// <summary>Null when a problem is an error.</summary>
    public required Snapshot? Snapshot { get; init; }

    /// <summary>What the operator wrote, with defaults filled in; null when a problem is an error.</summary>
    public required GatewayConfig? Config { get; init; }

    /// <summary>Errors and warnings, in the order of the files and of the text.</summary>
    public required IReadOnlyList<ConfigProblem> Problems { get; init; }

    /// <summary>Every file that was read or looked for, configuration and secrets alike, by full path.</summary>
    public required IReadOnlyDictionary<string, FileMark> Files { get; init; }
}

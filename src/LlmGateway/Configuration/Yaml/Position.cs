namespace LlmGateway.Configuration.Yaml;

/// <summary>A file of the configuration.</summary>
/// <param name="FullPath">Absolute.</param>
/// <param name="Shown">As problems name it, relative to the parent of the configuration folder.</param>
internal sealed record ConfigFile(string FullPath, string Shown);

/// <summary>Where something is written. Line and column count from 1.</summary>
internal readonly record struct Position(ConfigFile File, int Line, int Column)
{
    public override string ToString() => $"{File.Shown}:{Line}:{Column}";
}

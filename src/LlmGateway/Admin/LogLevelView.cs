using LlmGateway.Telemetry;

namespace LlmGateway.Admin;

/// <summary>What is logged now.</summary>
/// <param name="Level">The least important level that is, where no category says otherwise.</param>
/// <param name="Categories">Levels that were set for categories, by the beginning of their names.</param>
internal sealed record LogLevelView(string Level, IReadOnlyDictionary<string, string> Categories)
{
    public static LogLevelView Of(LogLevels levels) => new(
        NameOf(levels.Level), levels.Categories.ToDictionary(static category => category.Key, static category => NameOf(category.Value), StringComparer.Ordinal));

    private static string NameOf(LogLevel level) => level.ToString().ToLowerInvariant();
}

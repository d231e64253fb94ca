namespace LlmGateway.Configuration.Yaml;

/// <summary>A value of a YAML file that knows where it stands.</summary>
internal abstract class YamlValue(Position at)
{
    public Position At { get; } = at;
}

/// <param name="text">Without quotes.</param>
/// <param name="plain">Written without quotes.</param>
internal sealed class YamlScalar(string text, bool plain, Position at) : YamlValue(at)
{
    public string Text { get; } = text;

    public bool Plain { get; } = plain;

    /// <summary>Nothing is written, or YAML's null.</summary>
    public bool Empty => Plain && Text is ("" or "~" or "null");
}

internal sealed class YamlSequence(IReadOnlyList<YamlValue> items, Position at) : YamlValue(at)
{
    public IReadOnlyList<YamlValue> Items { get; } = items;
}

internal sealed class YamlMapping(IReadOnlyList<YamlEntry> entries, Position at) : YamlValue(at)
{
    public IReadOnlyList<YamlEntry> Entries { get; } = entries;
}

/// <summary>One name of a mapping, and its value.</summary>
internal sealed record YamlEntry(string Name, Position At, YamlValue Value);

using System.Text.Json;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>Reads JSON as if it were written in the configuration: the same kinds of values, ranges and words.</summary>
internal static class JsonSection
{
    // Amounts are text in JSON, so that no reader rounds them; in the configuration a number has no quotes.
    private const string NumberAsText = "amount";

    private static readonly Position Place = new(new ConfigFile("body", "body"), 1, 1);

    /// <summary>For one reading; it knows no environment and no files.</summary>
    public static ReadContext NewContext() => new(new ProblemList(), new SecretSource(static _ => null, new FileLog()));

    /// <summary>The section, with defaults for what could not be read, which has been reported.</summary>
    public static T Read<T>(YamlMapping written, SettingPath path, ReadContext context)
        where T : class, new()
    {
        context.Place(path, Place, Place);
        return (T)RecordType<T>.Instance.Read(written, path, context)!;
    }

    public static YamlMapping Mapping(IEnumerable<KeyValuePair<string, JsonElement>> members) =>
        new([.. members.Select(member => new YamlEntry(member.Key, Place, Value(member.Key, member.Value)))], Place);

    /// <summary>A mapping of one name.</summary>
    public static YamlMapping Within(string name, YamlValue value) => new([new YamlEntry(name, Place, value)], Place);

    public static YamlSequence ListOf(YamlValue item) => new([item], Place);

    private static YamlValue Value(string name, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => Mapping(json.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value))),
        JsonValueKind.Array => new YamlSequence([.. json.EnumerateArray().Select(item => Value(name, item))], Place),
        JsonValueKind.String => new YamlScalar(json.GetString()!, name == NumberAsText, Place),
        _ => new YamlScalar(json.GetRawText(), plain: true, Place),
    };
}

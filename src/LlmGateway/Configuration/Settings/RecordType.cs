using System.Reflection;
using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>A kind of value that has settings of its own.</summary>
internal interface ISectionType;

/// <summary>A section: a record with a <see cref="SettingAttribute"/> on each property.</summary>
internal sealed class RecordType<T> : SettingType, ISectionType
    where T : class, new()
{
    public static readonly RecordType<T> Instance = new();

    private readonly Lazy<Setting[]> _settings = new(FindSettings);

    private readonly string? _shorthand = typeof(T).GetCustomAttribute<ShorthandAttribute>()?.Setting;

    private RecordType()
    {
    }

    public override string Expected => _shorthand is null ? "a mapping of settings" : $"a {_shorthand}, or a mapping of settings";

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        switch (value)
        {
            case YamlMapping mapping:
                return ReadSettings(mapping.Entries, mapping.At, path, context);
            case YamlScalar { Empty: true } when _shorthand is null:
                return ReadSettings([], value.At, path, context);
            case YamlScalar { Empty: false } when _shorthand is not null:
                var entry = new YamlEntry(_shorthand, value.At, value);
                return ReadSettings([entry], value.At, path, context);
            default:
                RefuseWithoutEcho(value, path, context);
                return null;
        }
    }

    public override JsonNode Show(object value)
    {
        var shown = new JsonObject();
        foreach (var setting in _settings.Value)
        {
            if (setting.ValueOf(value) is { } known)
            {
                shown[setting.Name] = setting.Type.Show(known);
            }
        }

        return shown;
    }

    public override JsonObject Schema(SchemaDefinitions definitions)
    {
        var name = typeof(T).Name.Replace("Config", "", StringComparison.Ordinal).ToLowerInvariant();
        return definitions.Refer(name, () => Describe(definitions));
    }

    /// <summary>The section itself, not a reference to it.</summary>
    public JsonObject Describe(SchemaDefinitions definitions)
    {
        var defaults = new T();
        var settings = _settings.Value;
        var schema = new JsonObject
        {
            ["type"] = settings.Any(setting => setting.Required) ? "object" : new JsonArray("object", "null"),
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Name, (JsonNode?)setting.Schema(defaults, definitions)))),
        };
        if (settings.Any(setting => setting.Required))
        {
            schema["required"] = new JsonArray([.. settings.Where(setting => setting.Required).Select(setting => (JsonNode)setting.Name)]);
        }

        return _shorthand is null ? schema : new JsonObject { ["anyOf"] = new JsonArray(ScalarTypes.Of("string"), schema) };
    }

    private T ReadSettings(IReadOnlyList<YamlEntry> entries, Position at, SettingPath path, ReadContext context)
    {
        var section = new T();
        var settings = _settings.Value;
        foreach (var entry in entries)
        {
            if (Array.Find(settings, setting => setting.Name == entry.Name) is { } setting)
            {
                setting.Read(entry, section, path.Then(entry.Name), context);
            }
            else
            {
                var names = settings.Select(known => known.Name);
                var remedy = Suggestion.For(entry.Name, names, "write one of " + string.Join(", ", names));
                context.Problems.Error(entry.At, path, $"{Shown.Text(entry.Name)} is not a setting", remedy);
            }
        }

        foreach (var setting in settings.Where(setting => setting.Required && !entries.Any(entry => entry.Name == setting.Name)))
        {
            var place = context.IsWritten(path) ? context.NameAt(path) : at;
            context.Problems.Error(place, path, $"'{setting.Name}' is missing", $"write {setting.Name}: with {setting.Type.Expected}");
        }

        return section;
    }

    // A list of sections may hold secrets, so a value in the place of one is not repeated.
    private void RefuseWithoutEcho(YamlValue value, SettingPath path, ReadContext context)
    {
        var what = value switch
        {
            YamlScalar { Empty: true } => "has no value",
            YamlScalar => "is one piece of text",
            _ => "is a list",
        };
        context.Problems.Error(value.At, path, what, $"write {Expected}");
    }

    private static Setting[] FindSettings() =>
    [
        .. typeof(T).GetProperties().Select(property => (Property: property, Rules: property.GetCustomAttribute<SettingAttribute>()))
            .Where(found => found.Rules is not null)
            .Select(found => new Setting(found.Property, found.Rules!)),
    ];
}

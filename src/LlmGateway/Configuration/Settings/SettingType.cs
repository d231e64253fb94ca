using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>One kind of value: how it is read, shown and described. All three in one place, so that they cannot differ.</summary>
internal abstract class SettingType
{
    /// <summary>For messages: <c>a whole number</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>The value, or null where it cannot be used, which has been reported.</summary>
    public abstract object? Read(YamlValue value, SettingPath path, ReadContext context);

    /// <summary>As the effective configuration and the defaults of the schema show it; a secret is never shown.</summary>
    public abstract JsonNode? Show(object value);

    public abstract JsonObject Schema(SchemaDefinitions definitions);

    protected void Refuse(YamlValue value, SettingPath path, ReadContext context)
    {
        var what = value switch
        {
            YamlScalar { Empty: true } => "has no value",
            YamlScalar scalar => $"{Shown.Text(scalar.Text)} is not {Expected}",
            YamlSequence => "is a list",
            _ => "is a mapping",
        };
        context.Problems.Error(value.At, path, what, $"write {Expected}");
    }
}

/// <summary>Shapes that several places refer to.</summary>
internal sealed class SchemaDefinitions
{
    private readonly Dictionary<string, JsonObject> _shapes = [];

    public JsonObject ToJson() =>
        new(_shapes.OrderBy(shape => shape.Key, StringComparer.Ordinal).Select(shape => KeyValuePair.Create(shape.Key, (JsonNode?)shape.Value)));

    /// <summary>A reference to the shape of that name, which is described at its first use.</summary>
    public JsonObject Refer(string name, Func<JsonObject> describe)
    {
        if (_shapes.TryAdd(name, []))
        {
            _shapes[name] = describe();
        }

        return new JsonObject { ["$ref"] = $"#/$defs/{name}" };
    }
}

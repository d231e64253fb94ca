using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>A mapping whose names the operator chooses.</summary>
internal sealed class MapType<TKey, TValue>(SettingType name, SettingType item) : SettingType
    where TKey : notnull
{
    public override string Expected => "a mapping of names to values";

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        var map = new Dictionary<TKey, TValue>();
        if (value is YamlScalar { Empty: true })
        {
            return map;
        }

        if (value is not YamlMapping mapping)
        {
            Refuse(value, path, context);
            return null;
        }

        foreach (var entry in mapping.Entries)
        {
            var at = path.Then(entry.Name);
            context.Place(at, entry.At, entry.Value.At);
            var key = name.Read(new YamlScalar(entry.Name, plain: false, entry.At), at, context);
            var read = item.Read(entry.Value, at, context);
            if (key is TKey usable && read is TValue known && !map.TryAdd(usable, known))
            {
                context.ErrorAtName(at, "is the same as another name here", "keep one");
            }
        }

        return map;
    }

    public override JsonNode Show(object value) =>
        new JsonObject(
        ((IEnumerable<KeyValuePair<TKey, TValue>>)value).Select(entry => KeyValuePair.Create(name.Show(entry.Key)!.ToString(), item.Show(entry.Value!))));

    public override JsonObject Schema(SchemaDefinitions definitions) => new()
    {
        ["type"] = new JsonArray("object", "null"),
        ["propertyNames"] = name.Schema(definitions),
        ["additionalProperties"] = item.Schema(definitions),
    };
}

using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>A list of values of one kind.</summary>
internal sealed class ListType<T>(SettingType item) : SettingType
{
    public override string Expected => "a list";

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        if (value is not YamlSequence sequence)
        {
            if (value is YamlScalar { Empty: true })
            {
                return new List<T>();
            }

            Refuse(value, path, context);
            return null;
        }

        var items = new List<T>(sequence.Items.Count);
        for (var i = 0; i < sequence.Items.Count; i++)
        {
            var at = path.At(i);
            context.Place(at, sequence.Items[i].At, sequence.Items[i].At);
            if (item.Read(sequence.Items[i], at, context) is T read)
            {
                items.Add(read);
            }
            else
            {
                // A place is kept for what could not be read, so that the others are still found at their number.
                Unreadable(items);
            }
        }

        return items;
    }

    public override JsonNode Show(object value) => new JsonArray([.. ((IEnumerable<T>)value).Select(entry => item.Show(entry!))]);

    public override JsonObject Schema(SchemaDefinitions definitions) => new() { ["type"] = "array", ["items"] = item.Schema(definitions) };

    private static void Unreadable(List<T> items)
    {
        if (typeof(T) == typeof(string))
        {
            items.Add((T)(object)"");
        }
        else if (typeof(T).GetConstructor(Type.EmptyTypes) is not null || typeof(T).IsValueType)
        {
            items.Add(Activator.CreateInstance<T>());
        }
    }
}

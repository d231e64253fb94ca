using System.Collections;
using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>A list or a section, or one word that says that there is none.</summary>
/// <param name="none">What the word stands for; null to leave the setting as if it had not been written.</param>
internal sealed class OrWordType(SettingType inner, string word, object? none) : SettingType
{
    public override string Expected => $"{inner.Expected}, or {word}";

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        switch (value)
        {
            case YamlScalar scalar when scalar.Text == word:
                return none;
            case YamlScalar:
                // Not repeated: where a list of secrets is meant, a secret may have been written.
                context.Problems.Error(value.At, path, "is one piece of text", $"write {Expected}");
                return null;
            default:
                var read = inner.Read(value, path, context);
                if (read is ICollection { Count: 0 })
                {
                    context.Problems.Error(value.At, path, "is empty", $"write {word} if there is none");
                }

                return read;
        }
    }

    public override JsonNode? Show(object value) => value is ICollection { Count: 0 } ? JsonValue.Create(word) : inner.Show(value);

    public override JsonObject Schema(SchemaDefinitions definitions) =>
        new() { ["anyOf"] = new JsonArray(new JsonObject { ["const"] = word }, inner.Schema(definitions)) };
}

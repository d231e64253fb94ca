using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>Parses the text of a value; false where it is none.</summary>
internal delegate bool Parse<T>(string text, out T value);

/// <summary>A value that is one piece of text.</summary>
/// <param name="expected">For messages.</param>
/// <param name="show">The text that reads back as the same value.</param>
/// <param name="schema">Describes it to an editor.</param>
internal sealed class ScalarType<T>(string expected, Parse<T> parse, Func<T, JsonNode> show, Func<JsonObject> schema) : SettingType, IScalarType
    where T : notnull
{
    public override string Expected => expected;

    /// <summary>A number or truth value, which loses its kind when it is quoted.</summary>
    public bool PlainOnly { get; init; }

    /// <summary>The words to guess from.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    public object? Parse(string text) => parse(text, out var value) ? value : null;

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        if (value is YamlScalar { Empty: false } scalar)
        {
            if (PlainOnly && !scalar.Plain)
            {
                context.Problems.Error(value.At, path, $"{Shown.Text(scalar.Text)} is text", $"write {Expected}, without quotes");
                return null;
            }

            if (parse(scalar.Text, out var parsed))
            {
                return parsed;
            }

            if (Words.Count > 0)
            {
                var remedy = Suggestion.For(scalar.Text, Words, $"write {Expected}");
                context.Problems.Error(value.At, path, $"{Shown.Text(scalar.Text)} is not known", remedy);
                return null;
            }
        }

        Refuse(value, path, context);
        return null;
    }

    public override JsonNode Show(object value) => show((T)value);

    public override JsonObject Schema(SchemaDefinitions definitions) => schema();
}

/// <summary>What is needed of a scalar whose type is not known where it is needed.</summary>
internal interface IScalarType
{
    /// <summary>The value, or null.</summary>
    object? Parse(string text);
}

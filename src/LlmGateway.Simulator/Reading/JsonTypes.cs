using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>Reads single values and words OpenAI's complaint where the type is another.</summary>
internal static class JsonTypes
{
    public static string Describe(JsonTokenType type) => type switch
    {
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "a boolean",
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        _ => "null",
    };

    public static ApiError? Expect(ref Utf8JsonReader reader, JsonTokenType type, string param) =>
        reader.TokenType == type ? null : ApiError.WrongType(param, Describe(type), Describe(reader.TokenType));

    public static ApiError? Boolean(ref Utf8JsonReader reader, string param, bool absent, out bool value)
    {
        value = reader.TokenType == JsonTokenType.Null ? absent : reader.TokenType == JsonTokenType.True;
        return reader.TokenType is JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null
            ? null
            : ApiError.WrongType(param, "a boolean", Describe(reader.TokenType));
    }

    public static ApiError? Integer(ref Utf8JsonReader reader, string param, int minimum, int maximum, out int? value)
    {
        value = null;
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number))
        {
            return ApiError.WrongType(param, "an integer", reader.TokenType == JsonTokenType.Number ? "a decimal number" : Describe(reader.TokenType));
        }

        value = (int)Math.Clamp(number, int.MinValue, int.MaxValue);
        if (number < minimum)
        {
            return OutOfRange(param, "integer", "below minimum", $">= {minimum}", number, "integer_below_min_value");
        }

        return number > maximum ? OutOfRange(param, "integer", "above maximum", $"<= {maximum}", number, "integer_above_max_value") : null;
    }

    public static ApiError? Decimal(ref Utf8JsonReader reader, string param, double minimum, double maximum)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType != JsonTokenType.Number)
        {
            return ApiError.WrongType(param, "a decimal", Describe(reader.TokenType));
        }

        double number = reader.GetDouble();
        if (number < minimum)
        {
            return OutOfRange(param, "decimal", "below minimum", $">= {minimum}", number, "decimal_below_min_value");
        }

        return number > maximum ? OutOfRange(param, "decimal", "above maximum", $"<= {maximum}", number, "decimal_above_max_value") : null;
    }

    /// <summary>Steps over the value at which the reader stands and answers its raw bytes; empty for null.</summary>
    public static ReadOnlyMemory<byte> Raw(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body)
    {
        bool isNull = reader.TokenType == JsonTokenType.Null;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return isNull ? default : body[start..(int)reader.BytesConsumed];
    }

    private static ApiError OutOfRange(string param, string kind, string relation, string bound, double got, string code) =>
        ApiError.Invalid(
            FormattableString.Invariant($"Invalid '{param}': {kind} {relation} value. Expected a value {bound}, but got {got} instead."), param, code);
}

using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>One pass over an embedding body.</summary>
internal static class EmbeddingReader
{
    private const int MaxInputs = 2_048;

    public static ApiError? Read(ReadOnlyMemory<byte> body, EmbeddingRequest request)
    {
        var reader = new Utf8JsonReader(body.Span);
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return ApiError.Malformed;
            }

            ApiError? first = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                int depth = reader.CurrentDepth;
                ApiError? error = ReadMember(ref reader, request);
                first ??= error;
                while (reader.CurrentDepth > depth || reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    reader.Read();
                }
            }

            reader.Read();
            return first ?? Complete(request);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Of an escaped half of a surrogate pair the reader makes an InvalidOperationException.
            return ApiError.Malformed;
        }
    }

    private static ApiError? Complete(EmbeddingRequest request)
    {
        if (request.Model is null)
        {
            return ApiError.Invalid("you must provide a model parameter", null, null);
        }

        if (!request.HasInput)
        {
            return ApiError.Missing("input");
        }

        return request.Inputs.Count switch
        {
            0 => ApiError.Invalid("Invalid 'input': empty array. Expected an array with minimum length 1.", "input", "empty_array"),
            > MaxInputs => ApiError.Invalid(
                $"Invalid 'input': array too long. Expected an array with maximum length {MaxInputs}.", "input", "array_above_max_length"),
            _ => null,
        };
    }

    private static ApiError? ReadMember(ref Utf8JsonReader reader, EmbeddingRequest request)
    {
        ApiError? error = null;
        if (reader.ValueTextEquals("model"u8))
        {
            reader.Read();
            error = JsonTypes.Expect(ref reader, JsonTokenType.String, "model");
            request.Model = error is null ? reader.GetString() : null;
        }
        else if (reader.ValueTextEquals("input"u8))
        {
            reader.Read();
            return ReadInput(ref reader, request);
        }
        else if (reader.ValueTextEquals("dimensions"u8))
        {
            reader.Read();
            error = JsonTypes.Integer(ref reader, "dimensions", 1, int.MaxValue, out int? dimensions);
            request.Dimensions = dimensions;
        }
        else if (reader.ValueTextEquals("encoding_format"u8))
        {
            reader.Read();
            request.Base64 = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("base64"u8);
            bool known = request.Base64 || reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("float"u8));
            error = known ? null : ApiError.Invalid("Invalid value for 'encoding_format'. Supported values are: 'float' and 'base64'.", "encoding_format", "invalid_value");
        }
        else
        {
            reader.Read();
            reader.Skip();
        }

        return error;
    }

    private static ApiError? ReadInput(ref Utf8JsonReader reader, EmbeddingRequest request)
    {
        request.HasInput = true;
        if (reader.TokenType == JsonTokenType.String)
        {
            return AddText(ref reader, request);
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return ApiError.WrongType("input", "a string or an array", JsonTypes.Describe(reader.TokenType));
        }

        ApiError? error = null;
        while (error is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                // A list of numbers is one input, and this is its first.
                return AddTokens(ref reader, request);
            }

            if (reader.TokenType == JsonTokenType.StartArray)
            {
                reader.Read();
                error = AddTokens(ref reader, request);
            }
            else
            {
                error = reader.TokenType == JsonTokenType.String
                    ? AddText(ref reader, request)
                    : ApiError.WrongType("input", "strings or token ids", JsonTypes.Describe(reader.TokenType));
            }
        }

        return error;
    }

    private static ApiError? AddText(ref Utf8JsonReader reader, EmbeddingRequest request)
    {
        int start = request.Text.Length;
        request.Text.Add(ref reader);
        int length = request.Text.Length - start;
        request.Inputs.Add((start..request.Text.Length, (length + 3) / 4));
        return length > 0 ? null : ApiError.Invalid("Invalid 'input': input cannot be an empty string.", "input", null);
    }

    private static ApiError? AddTokens(ref Utf8JsonReader reader, EmbeddingRequest request)
    {
        int start = request.Text.Length;
        int tokens = 0;
        for (; reader.TokenType != JsonTokenType.EndArray; reader.Read())
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                return ApiError.WrongType("input", "token ids", JsonTypes.Describe(reader.TokenType));
            }

            request.Text.AddToken(ref reader);
            tokens++;
        }

        request.Inputs.Add((start..request.Text.Length, tokens));
        return tokens > 0 ? null : ApiError.Invalid("Invalid 'input': input cannot be an empty array.", "input", null);
    }
}

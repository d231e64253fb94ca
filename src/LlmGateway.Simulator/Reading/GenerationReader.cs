using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>One pass over a chat or completion body. Members that matter to nobody here are stepped over, known or not.</summary>
internal static class GenerationReader
{
    private const int MaxStops = 4;

    /// <summary>Fills <paramref name="request"/>; answers the refusal a provider would send, or null. The model is read even if something else is wrong.</summary>
    public static ApiError? Read(ReadOnlyMemory<byte> body, GenerationRequest request)
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
                ApiError? error = ReadMember(ref reader, body, request);
                first ??= error;

                // A refused value may be left half read: leave it, so that the members behind it are still seen.
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

    private static ApiError? Complete(GenerationRequest request)
    {
        if (request.Model is null)
        {
            return ApiError.Invalid("you must provide a model parameter", null, null);
        }

        return request.HasPrompt ? null : ApiError.Missing(request.Chat ? "messages" : "prompt");
    }

    private static ApiError? ReadMember(ref Utf8JsonReader reader, ReadOnlyMemory<byte> body, GenerationRequest request)
    {
        ApiError? error = null;
        if (Is(ref reader, "model"u8))
        {
            error = JsonTypes.Expect(ref reader, JsonTokenType.String, "model");
            request.Model = error is null ? reader.GetString() : null;
        }
        else if (Is(ref reader, "messages"u8))
        {
            return request.Chat ? MessageReader.ReadAll(ref reader, request) : null;
        }
        else if (Is(ref reader, "prompt"u8))
        {
            return request.Chat ? null : PromptReader.Read(ref reader, request);
        }
        else if (Is(ref reader, "stream"u8))
        {
            error = JsonTypes.Boolean(ref reader, "stream", absent: false, out bool stream);
            request.Stream = stream;
        }
        else if (Is(ref reader, "stream_options"u8))
        {
            error = ReadStreamOptions(ref reader, request);
        }
        else if (Is(ref reader, "max_completion_tokens"u8))
        {
            error = ReadMaxTokens(ref reader, request, "max_completion_tokens");
        }
        else if (Is(ref reader, "max_tokens"u8))
        {
            error = ReadMaxTokens(ref reader, request, "max_tokens");
        }
        else if (Is(ref reader, "n"u8))
        {
            error = JsonTypes.Integer(ref reader, "n", 1, 128, out int? choices);
            request.Choices = choices ?? 1;
        }
        else if (Is(ref reader, "temperature"u8))
        {
            error = JsonTypes.Decimal(ref reader, "temperature", 0, 2);
        }
        else if (Is(ref reader, "top_p"u8))
        {
            error = JsonTypes.Decimal(ref reader, "top_p", 0, 1);
        }
        else if (Is(ref reader, "stop"u8))
        {
            error = ReadStop(ref reader, request);
        }
        else if (Is(ref reader, "tools"u8))
        {
            error = reader.TokenType == JsonTokenType.Null ? null : JsonTypes.Expect(ref reader, JsonTokenType.StartArray, "tools");
            request.Tools = JsonTypes.Raw(ref reader, body);
        }
        else if (Is(ref reader, "tool_choice"u8))
        {
            request.ToolChoice = JsonTypes.Raw(ref reader, body);
        }
        else if (Is(ref reader, "parallel_tool_calls"u8))
        {
            error = JsonTypes.Boolean(ref reader, "parallel_tool_calls", absent: true, out bool parallel);
            request.ParallelTools = parallel;
        }
        else if (Is(ref reader, "response_format"u8))
        {
            error = reader.TokenType == JsonTokenType.Null ? null : JsonTypes.Expect(ref reader, JsonTokenType.StartObject, "response_format");
            request.ResponseFormat = JsonTypes.Raw(ref reader, body);
        }
        else if (Is(ref reader, "reasoning_effort"u8))
        {
            request.ReasoningEffort = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        else
        {
            reader.Read();
        }

        reader.Skip();
        return error;
    }

    /// <summary>Compares the member's name and, if it is the one, moves on to its value.</summary>
    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) => reader.ValueTextEquals(name) && reader.Read();

    private static ApiError? ReadMaxTokens(ref Utf8JsonReader reader, GenerationRequest request, string name)
    {
        ApiError? error = JsonTypes.Integer(ref reader, name, 1, int.MaxValue, out int? tokens);
        if (tokens is not null)
        {
            request.MaxTokens = tokens;
            request.MaxTokensName = name;
        }

        return error;
    }

    private static ApiError? ReadStreamOptions(ref Utf8JsonReader reader, GenerationRequest request)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        ApiError? error = JsonTypes.Expect(ref reader, JsonTokenType.StartObject, "stream_options");
        while (error is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Is(ref reader, "include_usage"u8))
            {
                error = JsonTypes.Boolean(ref reader, "stream_options.include_usage", absent: false, out bool include);
                request.IncludeUsage = include;
            }
            else if (Is(ref reader, "include_obfuscation"u8))
            {
                error = JsonTypes.Boolean(ref reader, "stream_options.include_obfuscation", absent: true, out bool include);
                request.IncludeObfuscation = include;
            }
            else
            {
                reader.Skip();
            }
        }

        return error;
    }

    private static ApiError? ReadStop(ref Utf8JsonReader reader, GenerationRequest request)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            AddStop(ref reader, request);
            return null;
        }

        ApiError? error = JsonTypes.Expect(ref reader, JsonTokenType.StartArray, "stop");
        while (error is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            error = JsonTypes.Expect(ref reader, JsonTokenType.String, "stop[0]");
            if (error is null)
            {
                AddStop(ref reader, request);
            }
        }

        return error is null && request.Stop?.Count > MaxStops
            ? ApiError.Invalid(
                $"Invalid 'stop': array too long. Expected an array with maximum length 4, but got an array with length {request.Stop.Count} instead.",
                "stop", "array_above_max_length")
            : error;
    }

    private static void AddStop(ref Utf8JsonReader reader, GenerationRequest request)
    {
        byte[] text = new byte[reader.ValueSpan.Length];
        int length = reader.CopyString(text);
        if (length > 0)
        {
            (request.Stop ??= []).Add(text[..length]);
        }
    }
}

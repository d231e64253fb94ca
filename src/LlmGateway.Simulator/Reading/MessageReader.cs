using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>The messages of a chat request: counts them, gathers their text, and knows the last.</summary>
internal static class MessageReader
{
    private static readonly string Roles = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'";

    private enum Role
    {
        None,
        User,
        Tool,
        Other,
        Unknown,
    }

    public static ApiError? ReadAll(ref Utf8JsonReader reader, GenerationRequest request)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return ApiError.WrongType("messages", "an array of objects", JsonTypes.Describe(reader.TokenType));
        }

        request.HasPrompt = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return ApiError.WrongType($"messages[{request.Messages}]", "an object", JsonTypes.Describe(reader.TokenType));
            }

            if (ReadOne(ref reader, request) is { } error)
            {
                return error;
            }

            request.Messages++;
        }

        return request.Messages > 0
            ? null
            : ApiError.Invalid(
                "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.", "messages", "empty_array");
    }

    private static ApiError? ReadOne(ref Utf8JsonReader reader, GenerationRequest request)
    {
        int start = request.Prompt.Length;
        Role role = Role.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("role"u8))
            {
                reader.Read();
                if (JsonTypes.Expect(ref reader, JsonTokenType.String, $"messages[{request.Messages}].role") is { } wrong)
                {
                    return wrong;
                }

                role = ReadRole(ref reader);
                if (role == Role.Unknown)
                {
                    string param = $"messages[{request.Messages}].role";
                    return ApiError.Invalid($"Invalid value: '{reader.GetString()}'. Supported values are: {Roles}.", param, "invalid_value");
                }
            }
            else if (reader.ValueTextEquals("content"u8))
            {
                reader.Read();
                if (ReadContent(ref reader, request) is { } error)
                {
                    return error;
                }
            }
            else if (reader.ValueTextEquals("tool_calls"u8))
            {
                reader.Read();
                ReadStrings(ref reader, request);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        if (role == Role.None)
        {
            return ApiError.Missing($"messages[{request.Messages}].role");
        }

        request.LastIsTool = role == Role.Tool;
        if (role == Role.User)
        {
            request.Prompt.LastUser = start..request.Prompt.Length;
        }

        return null;
    }

    private static Role ReadRole(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("user"u8))
        {
            return Role.User;
        }

        if (reader.ValueTextEquals("tool"u8) || reader.ValueTextEquals("function"u8))
        {
            return Role.Tool;
        }

        return reader.ValueTextEquals("system"u8) || reader.ValueTextEquals("assistant"u8) || reader.ValueTextEquals("developer"u8)
            ? Role.Other
            : Role.Unknown;
    }

    private static ApiError? ReadContent(ref Utf8JsonReader reader, GenerationRequest request)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                request.Prompt.Add(ref reader);
                return null;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    if (reader.TokenType != JsonTokenType.StartObject)
                    {
                        return ApiError.WrongType($"messages[{request.Messages}].content[0]", "an object", JsonTypes.Describe(reader.TokenType));
                    }

                    ReadPart(ref reader, request);
                }

                return null;
            default:
                string param = $"messages[{request.Messages}].content";
                return ApiError.WrongType(param, "one of a string or array of objects", JsonTypes.Describe(reader.TokenType));
        }
    }

    private static void ReadPart(ref Utf8JsonReader reader, GenerationRequest request)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool text = reader.ValueTextEquals("text"u8);
            request.Images += reader.ValueTextEquals("image_url"u8) ? 1 : 0;
            reader.Read();
            if (text && reader.TokenType == JsonTokenType.String)
            {
                request.Prompt.Add(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Earlier tool calls count with their strings: id, name and arguments.</summary>
    private static void ReadStrings(ref Utf8JsonReader reader, GenerationRequest request)
    {
        int depth = reader.CurrentDepth;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                request.Prompt.Add(ref reader);
            }
        }
    }
}

using System.Text.Json;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Reading;

/// <summary>The <c>prompt</c> of a completion: a string, strings, token ids, or lists of token ids; several count as one prompt.</summary>
internal static class PromptReader
{
    public static ApiError? Read(ref Utf8JsonReader reader, GenerationRequest request)
    {
        int depth = reader.CurrentDepth;
        request.HasPrompt = true;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.StartArray))
        {
            return ApiError.WrongType("prompt", "a string or an array", JsonTypes.Describe(reader.TokenType));
        }

        do
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                request.Prompt.Add(ref reader);
            }
            else if (reader.TokenType == JsonTokenType.Number)
            {
                request.PromptTokenIds++;
            }
            else if (reader.TokenType is not (JsonTokenType.StartArray or JsonTokenType.EndArray))
            {
                return ApiError.WrongType("prompt", "strings or token ids", JsonTypes.Describe(reader.TokenType));
            }
        }
        while (reader.CurrentDepth + (reader.TokenType == JsonTokenType.StartArray ? 1 : 0) > depth && reader.Read());

        request.Prompt.LastUser = ..request.Prompt.Length;
        return null;
    }
}

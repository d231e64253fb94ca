using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>Reads the <c>messages</c> of a chat: how much text, and which kinds of content.</summary>
internal static class MessagesReader
{
    /// <summary>From the array's start to its end.</summary>
    /// <param name="ends">Gets the end of each message.</param>
    public static GatewayError? Read(ref Utf8JsonReader reader, ref InputTally tally, ref MessageEndKeeper ends)
    {
        var endsWithPrefix = false;
        var before = tally.Tokens;
        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                return RequestErrors.WrongType($"messages[{ends.Count}]", "an object", reader.TokenType);
            }

            tally.AddTokens(InputTally.TokensPerMessage);
            endsWithPrefix = ReadMessage(ref reader, ref tally);
            ends.Add((int)reader.BytesConsumed, tally.Tokens - before);
        }

        if (endsWithPrefix)
        {
            tally.Needs |= Capabilities.PrefixCompletion;
        }

        return null;
    }

    /// <summary>True for the beginning of an answer that the model shall go on with (<c>prefix</c> at DeepSeek and Mistral, <c>partial</c> at Kimi and Qwen).</summary>
    private static bool ReadMessage(ref Utf8JsonReader reader, ref InputTally tally)
    {
        bool assistant = false, prefix = false;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (JsonText.Is(reader, "content"u8))
            {
                reader.Read();
                ReadContent(ref reader, ref tally);
            }
            else if (JsonText.Is(reader, "role"u8))
            {
                reader.Read();
                assistant |= reader.TokenType is JsonTokenType.String && JsonText.Is(reader, "assistant"u8);
                reader.Skip();
            }
            else if (JsonText.Is(reader, "prefix"u8) || JsonText.Is(reader, "partial"u8))
            {
                reader.Read();
                prefix |= reader.TokenType is JsonTokenType.True;
                reader.Skip();
            }
            else
            {
                reader.Read();
                tally.AddValue(ref reader);
            }
        }

        return assistant && prefix;
    }

    private static void ReadContent(ref Utf8JsonReader reader, ref InputTally tally)
    {
        if (reader.TokenType is not JsonTokenType.StartArray)
        {
            tally.AddValue(ref reader);
            return;
        }

        while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                ReadPart(ref reader, ref tally);
            }
            else
            {
                tally.AddValue(ref reader);
            }
        }
    }

    // By the members, not by `type`: a part may carry several, and what we overlook a provider might not.
    private static void ReadPart(ref Utf8JsonReader reader, ref InputTally tally)
    {
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var (need, tokens) = NeedOf(reader);
            if (need is not Capabilities.None)
            {
                tally.Needs |= need;
                tally.AddTokens(tokens);
                reader.Skip();
            }
            else if (JsonText.Is(reader, "type"u8))
            {
                reader.Skip();
            }
            else
            {
                reader.Read();
                tally.AddValue(ref reader);
            }
        }
    }

    /// <summary>What a deployment must be able to do for the part that this member holds, and how much it counts; none for text.</summary>
    internal static (Capabilities Need, int Tokens) NeedOf(in Utf8JsonReader name) =>
        JsonText.Is(name, "text"u8) ? (Capabilities.None, 0)
        : JsonText.Is(name, "image_url"u8) ? (Capabilities.Vision, InputTally.TokensPerImage)
        : JsonText.Is(name, "input_audio"u8) ? (Capabilities.Audio, InputTally.TokensPerAudio)
        : JsonText.Is(name, "file"u8) ? (Capabilities.Files, InputTally.TokensPerFile)
        : (Capabilities.None, 0);
}

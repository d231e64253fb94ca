using System.Buffers;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Requests;

/// <summary>The text that a model would read from a request.</summary>
internal static class RequestText
{
    /// <summary>
    /// Copies every string value under messages, prompt, input, tools, functions and response_format, unescaped, a line each; images, audio
    /// and files are left out.
    /// </summary>
    public static void Copy(ReadOnlySpan<byte> body, IBufferWriter<byte> destination)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var member = RequestMembers.Find(reader, out _);
            reader.Read();
            if (member is RequestMember.Messages or RequestMember.Prompt or RequestMember.Input
                or RequestMember.Tools or RequestMember.Functions or RequestMember.ResponseFormat)
            {
                // A tool may well have a parameter called `file`.
                CopyValue(ref reader, destination, parts: member is RequestMember.Messages);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void CopyValue(ref Utf8JsonReader reader, IBufferWriter<byte> destination, bool parts)
    {
        if (reader.TokenType is JsonTokenType.String)
        {
            CopyString(reader, destination);
        }
        else if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (parts && reader.TokenType is JsonTokenType.PropertyName && MessagesReader.NeedOf(reader).Need is not Capabilities.None)
                {
                    reader.Skip();
                }
                else if (reader.TokenType is JsonTokenType.String && !InputTally.IsData(reader))
                {
                    CopyString(reader, destination);
                }
            }
        }
    }

    private static void CopyString(in Utf8JsonReader reader, IBufferWriter<byte> destination)
    {
        var target = destination.GetSpan(reader.ValueSpan.Length + 1);
        int length;
        if (JsonText.HasLoneSurrogate(reader))
        {
            // No UTF-8 for half a pair: its escape is what a provider would see, and is counted.
            reader.ValueSpan.CopyTo(target);
            length = reader.ValueSpan.Length;
        }
        else
        {
            length = reader.CopyString(target);
        }

        target[length] = (byte)'\n';
        destination.Advance(length + 1);
    }
}

using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Makes the object that Messages wants from the text that the chat dialect has for the arguments of a tool.</summary>
internal static class ToolInput
{
    /// <summary>
    /// The member that holds arguments which are no JSON object, as the model wrote them. Anthropic's documentation of fine-grained tool
    /// streaming gives such arguments back to its models under this name.
    /// </summary>
    public const string Invalid = "INVALID_JSON";

    public static void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> arguments)
    {
        var text = arguments.Span.Trim(" \t\r\n"u8);
        if (text.IsEmpty || text.SequenceEqual("null"u8))
        {
            writer.WriteStartObject();
            writer.WriteEndObject();
            return;
        }

        var isJson = JsonIntake.TryRead(arguments, out var document, out _);
        using (document)
        {
            if (isJson && document!.RootElement.ValueKind is JsonValueKind.Object)
            {
                document.RootElement.WriteTo(writer);
                return;
            }
        }

        writer.WriteStartObject();
        writer.WriteString(Invalid, arguments.Span);
        writer.WriteEndObject();
    }
}

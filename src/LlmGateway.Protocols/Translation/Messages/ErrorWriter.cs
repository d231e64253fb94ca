using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes the members of an error: <c>"error":{"type","message"},"request_id"</c>.</summary>
internal static class ErrorWriter
{
    public static void WriteMembers(Utf8JsonWriter writer, string type, string message, string? requestId)
    {
        writer.WriteStartObject("error"u8);
        writer.WriteString("type"u8, type);
        writer.WriteString("message"u8, message);
        writer.WriteEndObject();
        writer.WriteString("request_id"u8, requestId);
    }
}

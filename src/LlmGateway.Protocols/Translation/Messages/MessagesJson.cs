using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>How JSON is written here.</summary>
internal static class MessagesJson
{
    /// <summary>Never shown inside HTML, so only what JSON itself demands is escaped; there is no raw line break, as an SSE frame needs.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}

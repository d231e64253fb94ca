using System.Buffers;
using System.Text.Json;
using LlmGateway.Protocols.Translation.Messages;

namespace LlmGateway.Protocols.Translation;

/// <summary>
/// Makes a request of OpenAI's chat completions from one of Anthropic's Messages. The same request in another order of members gives the same
/// bytes, so caches find it again.
/// </summary>
/// <remarks>
/// What the chat dialect cannot say and the answer does not hang on is left out and listed (<c>top_k</c>, <c>cache_control</c>, signatures of
/// thinking, members that nobody has told us about); what the caller counts on and cannot get is a fault (server tools, files by id,
/// <c>inference_geo</c>). A tool that is called with arguments that were no JSON object comes as <c>{"INVALID_JSON":"…"}</c>, see
/// <see cref="ChatToMessagesTranslator"/>.
/// </remarks>
public static class MessagesToChatTranslator
{
    /// <summary>Translates one request. It never throws, whatever the bytes are.</summary>
    /// <param name="body">The body of a request to <c>/v1/messages</c>; it is not kept.</param>
    public static TranslatedRequest Translate(ReadOnlyMemory<byte> body)
    {
        if (!JsonIntake.TryRead(body, out var document, out var what))
            return new TranslatedRequest(default, new ChatToMessagesTranslator(), [], RequestFaults.InvalidJson(what));
        using (document)
        {
            var chat = new ArrayBufferWriter<byte>(body.Length + 256);
            using var writer = new Utf8JsonWriter(chat, MessagesJson.Options);
            var state = new TranslationState(writer);
            var stops = new List<string>();
            if (!RequestWalk.TryWrite(state, new RequestNode(document.RootElement, JsonPlace.Root), stops))
                return new TranslatedRequest(default, new ChatToMessagesTranslator(), state.Dropped.Paths, state.Fault);
            writer.Flush();
            return new TranslatedRequest(chat.WrittenMemory, new ChatToMessagesTranslator(stops), state.Dropped.Paths, null);
        }
    }
}

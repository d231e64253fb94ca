using System.Buffers;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Streaming;

/// <summary>How a stream ends that its provider did not end itself.</summary>
internal static class StreamTerminator
{
    /// <summary>The end mark that official SDKs wait for.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>
    /// The event that tells an SDK that the answer is not whole; no end mark follows. Breaking the connection instead would lose the event
    /// itself: clients throw away what they have not read yet when a connection is reset.
    /// </summary>
    public static ReadOnlySpan<byte> Error(GatewayError error)
    {
        var frame = new ArrayBufferWriter<byte>(256);
        OpenAIErrorWriter.WriteEvent(frame, error.Message, error.Type, error.Param, error.Code);
        return frame.WrittenSpan;
    }
}

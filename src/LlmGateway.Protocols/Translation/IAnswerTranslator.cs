using System.Buffers;

namespace LlmGateway.Protocols.Translation;

/// <summary>
/// Writes the answer to one request in the dialect that the request came in, from the answer in the dialect of OpenAI's chat completions. It is made
/// for that request and keeps what has been said so far: one for each answer, used by one thread at a time.
/// </summary>
public interface IAnswerTranslator
{
    /// <summary>Writes a whole answer: from one JSON object <c>chat.completion</c> to one JSON object.</summary>
    /// <returns>False where that is no chat completion; nothing is written then.</returns>
    bool TryWriteWhole(ReadOnlyMemory<byte> completion, IBufferWriter<byte> output);

    /// <summary>
    /// Writes what one event of a stream becomes: no event, one, or several, each framed with <c>event:</c>, <c>data:</c> and a blank line.
    /// </summary>
    /// <param name="data">
    /// What stood behind <c>data:</c>: a chunk, <c>[DONE]</c>, or an error (<c>{"error":{"message","type","param","code"}}</c>) that ends the stream.
    /// </param>
    /// <param name="output">What goes to the client.</param>
    void WriteEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output);

    /// <summary>Writes an error body from its parts.</summary>
    void WriteError(TranslatedError error, IBufferWriter<byte> output);
}

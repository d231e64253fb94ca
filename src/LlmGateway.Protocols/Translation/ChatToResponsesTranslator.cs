using System.Buffers;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Translation.Responses;

namespace LlmGateway.Protocols.Translation;

internal sealed class ChatToResponsesTranslator(ResponsesEcho echo) : IAnswerTranslator
{
    public bool TryWriteWhole(ReadOnlyMemory<byte> completion, IBufferWriter<byte> output) => echo is null;
    public void WriteEvent(ReadOnlyMemory<byte> data, IBufferWriter<byte> output) { }
    public void WriteError(TranslatedError error, IBufferWriter<byte> output) =>
        OpenAIErrorWriter.Write(output, error.Message, error.Type, error.Param, error.Code);
}

using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

internal static class Answers
{
    public static JsonObject Whole(string completion, IAnswerTranslator? translator = null)
    {
        var output = new ArrayBufferWriter<byte>();
        Assert.True((translator ?? new ChatToMessagesTranslator()).TryWriteWhole(Encoding.UTF8.GetBytes(completion), output));
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    public static string Stream(IEnumerable<string> events, IAnswerTranslator? translator = null)
    {
        translator ??= new ChatToMessagesTranslator();
        var output = new ArrayBufferWriter<byte>();
        foreach (var data in events)
            translator.WriteEvent(Encoding.UTF8.GetBytes(data), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Chunk(string delta, string finish = "null") =>
        $$"""{"id":"chatcmpl-C1","object":"chat.completion.chunk","created":1,"model":"gpt-x","choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}],"usage":null}""";

    public static IAnswerTranslator TranslatorWith(string stopSequence) =>
        Requests.Translate(Requests.With($"\"stop_sequences\":[\"{stopSequence}\"]")).Answer;
}

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class ChunkTextTests
{
    [Theory]
    [InlineData(Chunks.Openai, " sky")]
    [InlineData(Chunks.ToolCall, """weather{"city":"Bern"}""")]
    [InlineData("""{"choices":[{"text":"a"},{"text":"b"}]}""", "ab")]
    [InlineData("""{"choices":[{"delta":{"reasoning_content":"r","content":"c","refusal":"n"}}]}""", "rcn")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"same","reasoning_content":"same"}}]}""", "same")]
    [InlineData("""{"choices":[{"delta":{"reasoning":"r","reasoning_details":[{"type":"reasoning.text","text":"r"}]}}]}""", "r")]
    [InlineData("""{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"ok"}]}}]}""", "hmok")]
    [InlineData("""{"choices":[{"delta":{"tool_calls":{"function":{"name":"f","arguments":{"a": 1}}}}}]}""", """f{"a": 1}""")]
    [InlineData("""{"choices":[{"delta":{"function_call":{"name":"f","arguments":"{}"}}}]}""", "f{}")]
    [InlineData("""{"choices":[{"message":{"tool_calls":[{"type":"custom","custom":{"name":"sh","input":"ls"}}]}}]}""", "shls")]
    [InlineData("""{"choices":[{"delta":{"content":"a\"\\\/\b\f\n\r\té\u00e9\ud83d\ude00"}}]}""", "a\"\\/\b\f\n\r\téé😀")]
    [InlineData("""{"choices":[{"delta":{"content":"x\ud83dy\ude00z\ud83d\ud83d\ude00"}}]}""", "x\uFFFDy\uFFFDz\uFFFD😀")]
    [InlineData("""{"model":"m","choices":[{"delta":{"role":"assistant","content":null},"logprobs":{"content":[{"token":"x"}]}}]}""", "")]
    public void Generated_text_is_copied_unescaped(string json, string text) => Assert.Equal(text, Chunks.Text(json));
}

using System.Text;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Tests.OpenAI;

public class TextKindsTests
{
    [Theory]
    [InlineData("""{"role":"assistant","content":""}""", TextKinds.None)]
    [InlineData("""{"content":"a"}""", TextKinds.Content)]
    [InlineData("""{"content":null,"reasoning_content":"a"}""", TextKinds.Reasoning)]
    [InlineData("""{"reasoning":"a","reasoning_content":"a"}""", TextKinds.Reasoning)]
    [InlineData("""{"reasoning_details":[{"text":"a"}]}""", TextKinds.Reasoning)]
    [InlineData("""{"content":"a","reasoning":"b"}""", TextKinds.Content | TextKinds.Reasoning)]
    [InlineData("""{"tool_calls":[{"index":0,"id":"x","function":{"name":"f","arguments":""}}]}""", TextKinds.ToolCall)]
    [InlineData("""{"tool_calls":[{"index":0,"function":{"arguments":"{"}}]}""", TextKinds.ToolCall)]
    [InlineData("""{"tool_calls":{"index":0}}""", TextKinds.ToolCall)]
    [InlineData("""{"tool_calls":[]}""", TextKinds.None)]
    [InlineData("""{"function_call":{"name":"f"}}""", TextKinds.Other)]
    [InlineData("""{"refusal":"No."}""", TextKinds.Other)]
    [InlineData("""{"content":[{"type":"text","text":"a"}]}""", TextKinds.Other)]
    [InlineData("""{"content":[{"type":"image","url":"a"}]}""", TextKinds.Other)]
    [InlineData("""{"audio":{"data":"a"}}""", TextKinds.Other)]
    public void A_delta_tells_which_kinds_of_content_it_has(string delta, TextKinds kinds) =>
        Assert.Equal(kinds, Scan($$"""{"choices":[{"index":0,"delta":{{delta}}}]}"""));

    [Theory]
    [InlineData("""{"choices":[{"text":"a"}]}""", TextKinds.Content)]
    [InlineData("""{"choices":[{"text":"","finish_reason":"stop"}]}""", TextKinds.None)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1}}""", TextKinds.None)]
    public void A_legacy_chunk_has_text_and_a_finish_reason_is_no_content(string chunk, TextKinds kinds) => Assert.Equal(kinds, Scan(chunk));

    private static TextKinds Scan(string chunk)
    {
        ChatChunkScanner.Scan(Encoding.UTF8.GetBytes(chunk), out var facts);
        return facts.Kinds;
    }
}

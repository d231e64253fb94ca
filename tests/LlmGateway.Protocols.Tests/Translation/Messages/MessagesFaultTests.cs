namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class MessagesFaultTests
{
    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("  ", "invalid_json")]
    [InlineData("{\"model\":", "invalid_json")]
    [InlineData("{} x", "invalid_json")]
    [InlineData("[]", "invalid_type")]
    [InlineData("null", "invalid_type")]
    public void A_body_that_is_no_object(string body, string code)
    {
        var fault = Requests.Fault(body);
        Assert.Equal(code, fault.Code);
        Assert.Null(fault.Param);
    }

    [Fact]
    public void Bytes_that_are_not_utf8() =>
        Assert.Equal("invalid_json", LlmGateway.Protocols.Translation.MessagesToChatTranslator.Translate("{\"model\":\"\xFF\"}"u8.ToArray().Select(b => b == 0xC3 ? (byte)0xFF : b).ToArray()).Fault!.Code);

    [Fact]
    public void Nesting_is_bounded()
    {
        var deep = Requests.Fault(Requests.With("\"metadata\":" + new string('[', 200) + new string(']', 200)));
        Assert.Equal("invalid_json", deep.Code);
        Assert.Contains("deeper than 120 levels, at line 1, byte", deep.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"max_tokens\":1,\"messages\":[]}", "model", "missing_required_parameter")]
    [InlineData("{\"model\":1}", "model", "invalid_type")]
    [InlineData("{\"model\":\"m\"}", "messages", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"messages\":[]}", "messages", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"messages\":{}}", "messages", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"messages\":[1]}", "messages[0]", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"content\":\"\"}]}", "messages[0].role", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]}", "messages[0].content", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"tool\",\"content\":\"\"}]}", "messages[0].role", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}", "max_tokens", "missing_required_parameter")]
    public void A_request_without_what_it_needs(string body, string param, string code) => Check(Requests.Fault(body), param, code);

    [Theory]
    [InlineData("\"max_tokens\":10", "max_tokens", "duplicate_parameter")]
    [InlineData("\"metadata\":{\"user_id\":\"a\",\"\\u0075ser_id\":\"b\"}", "metadata.user_id", "duplicate_parameter")]
    [InlineData("\"tools\":[{\"name\":\"n\",\"input_schema\":{\"a\":{\"b\":1,\"b\":2}}}]", "tools[0].input_schema.a.b", "duplicate_parameter")]
    [InlineData("\"stream\":\"yes\"", "stream", "invalid_type")]
    [InlineData("\"temperature\":\"1\"", "temperature", "invalid_type")]
    [InlineData("\"stop_sequences\":\"a\"", "stop_sequences", "invalid_type")]
    [InlineData("\"stop_sequences\":[\"a\",1]", "stop_sequences[1]", "invalid_type")]
    [InlineData("\"system\":[{\"type\":\"image\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}]", "system[0].type", "unsupported_parameter")]
    [InlineData("\"system\":5", "system", "invalid_type")]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", "thinking.budget_tokens", "missing_required_parameter")]
    [InlineData("\"thinking\":{\"type\":\"on\"}", "thinking.type", "invalid_value")]
    [InlineData("\"output_config\":{\"effort\":\"huge\"}", "output_config.effort", "invalid_value")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"xml\"}}", "output_config.format.type", "invalid_value")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"json_schema\"}}", "output_config.format.schema", "missing_required_parameter")]
    [InlineData("\"service_tier\":\"flex\"", "service_tier", "invalid_value")]
    [InlineData("\"inference_geo\":\"us\"", "inference_geo", "unsupported_parameter")]
    [InlineData("\"mcp_servers\":[{}]", "mcp_servers", "unsupported_parameter")]
    [InlineData("\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", "tools[0].type", "unsupported_parameter")]
    [InlineData("\"tools\":[{\"name\":\"n\"}]", "tools[0].input_schema", "missing_required_parameter")]
    [InlineData("\"tools\":[{\"name\":\"n\",\"input_schema\":{}}],\"tool_choice\":{\"type\":\"some\"}", "tool_choice.type", "invalid_value")]
    [InlineData("\"tools\":[{\"name\":\"n\",\"input_schema\":{}}],\"tool_choice\":{\"type\":\"tool\"}", "tool_choice.name", "missing_required_parameter")]
    public void A_member_that_is_wrong(string member, string param, string code) => Check(Requests.Fault(Requests.With(member)), param, code);

    [Theory]
    [InlineData("0", "invalid_value")]
    [InlineData("-1", "invalid_value")]
    [InlineData("1.5", "invalid_type")]
    [InlineData("1e999", "invalid_type")]
    [InlineData("99999999999", "invalid_value")]
    [InlineData("\"1\"", "invalid_type")]
    public void A_bound_that_bounds_nothing(string bound, string code) =>
        Check(Requests.Fault($$"""{"model":"m","max_tokens":{{bound}},"messages":[{"role":"user","content":"x"}]}"""), "max_tokens", code);

    [Theory]
    [InlineData("{\"type\":\"image\",\"source\":{\"type\":\"file\",\"file_id\":\"f\"}}", "source.type", "unsupported_parameter")]
    [InlineData("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/tiff\",\"data\":\"x\"}}", "source.media_type", "invalid_value")]
    [InlineData("{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\"}}", "source.data", "missing_required_parameter")]
    [InlineData("{\"type\":\"document\",\"source\":{\"type\":\"url\",\"url\":\"u\"}}", "source.type", "unsupported_parameter")]
    [InlineData("{\"type\":\"document\",\"source\":{\"type\":\"content\",\"content\":[{\"type\":\"x\"}]}}", "source.content[0].type", "unsupported_parameter")]
    [InlineData("{\"type\":\"text\"}", "text", "missing_required_parameter")]
    [InlineData("{\"type\":\"container_upload\",\"file_id\":\"f\"}", "type", "unsupported_parameter")]
    [InlineData("{\"type\":\"tool_result\"}", "tool_use_id", "missing_required_parameter")]
    [InlineData("{\"type\":\"tool_result\",\"tool_use_id\":\"a\",\"content\":[{\"type\":\"tool_use\"}]}", "content[0].type", "unsupported_parameter")]
    public void A_block_that_is_wrong(string block, string param, string code) => Check(
        Requests.Fault($$"""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"x"},{"role":"user","content":[{"type":"text","text":"t"},{{block}}]}]}"""),
        "messages[1].content[1]." + param,
        code);

    [Theory]
    [InlineData("{\"type\":\"server_tool_use\",\"id\":\"a\",\"name\":\"n\",\"input\":{}}", ".type", "unsupported_parameter")]
    [InlineData("{\"type\":\"tool_use\",\"id\":\"a\",\"name\":\"n\",\"input\":\"{}\"}", ".input", "invalid_type")]
    [InlineData("{\"type\":\"tool_use\",\"id\":\"a\",\"input\":{}}", ".name", "missing_required_parameter")]
    [InlineData("\"text\"", "", "invalid_type")]
    public void A_block_of_the_assistant_that_is_wrong(string block, string param, string code) => Check(
        Requests.Fault($$"""{"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[{{block}}]}]}"""),
        "messages[0].content[0]" + param,
        code);

    [Fact]
    public void A_fault_says_what_to_do() => Assert.Equal(
        "'messages[0].content[0].source.type' is not supported here: images from a source of the type 'file' have no form in the chat dialect; use base64 or url.",
        Requests.Fault("""{"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"type":"file"}}]}]}""").Message);

    private static void Check(LlmGateway.Protocols.Translation.TranslationFault fault, string param, string code)
    {
        Assert.Equal((param, code), (fault.Param, fault.Code));
        Assert.Contains($"'{param}'", fault.Message, StringComparison.Ordinal);
    }
}

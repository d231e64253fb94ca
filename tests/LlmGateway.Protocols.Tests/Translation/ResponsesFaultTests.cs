using static LlmGateway.Protocols.Tests.Translation.ResponsesDriver;

namespace LlmGateway.Protocols.Tests.Translation;

public sealed class ResponsesFaultTests
{
    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\"", "previous_response_id")]
    [InlineData("\"conversation\":{\"id\":\"conv_1\"}", "conversation")]
    [InlineData("\"prompt\":{\"id\":\"pmpt_1\"}", "prompt")]
    [InlineData("\"background\":true", "background")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"},{\"type\":\"web_search\"}]", "tools[1].type")]
    [InlineData("\"tools\":[{\"type\":\"mcp\",\"server_label\":\"x\"}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"web_search_preview\"}", "tool_choice.type")]
    [InlineData("\"reasoning\":{\"mode\":\"pro\"}", "reasoning.mode")]
    public void What_needs_a_server_that_remembers_or_runs_tools_is_refused_with_a_remedy(string members, string param)
    {
        var fault = Fault($$"""{"model":"m","input":"hi",{{members}}}""");
        Assert.Equal("unsupported_parameter", fault.Code);
        Assert.Equal(param, fault.Param);
        Assert.Contains($"'{param}'. ", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"type\":\"item_reference\",\"id\":\"x\"}", "input[0].type", "unsupported_parameter")]
    [InlineData("{\"type\":\"web_search_call\",\"id\":\"x\"}", "input[0].type", "unsupported_parameter")]
    [InlineData("{\"id\":\"x\"}", "input[0].type", "missing_required_parameter")]
    [InlineData("7", "input[0]", "invalid_type")]
    [InlineData("{\"role\":\"user\"}", "input[0].content", "missing_required_parameter")]
    [InlineData("{\"role\":\"user\",\"content\":7}", "input[0].content", "invalid_type")]
    [InlineData("{\"role\":\"tool\",\"content\":\"x\"}", "input[0].role", "invalid_value")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"x\"}]}", "input[0].content[1].type", "invalid_value")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_text\"}]}", "input[0].content[0].text", "missing_required_parameter")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_image\",\"file_id\":\"f\"}]}", "input[0].content[0].file_id", "unsupported_parameter")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_file\",\"file_url\":\"f\"}]}", "input[0].content[0].file_url", "unsupported_parameter")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_file\"}]}", "input[0].content[0].file_data", "missing_required_parameter")]
    [InlineData("{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\"}]}", "input[0].content[0].input_audio", "missing_required_parameter")]
    [InlineData("{\"role\":\"system\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"u\"}]}", "input[0].content[0].type", "unsupported_parameter")]
    [InlineData("{\"role\":\"assistant\",\"content\":[{\"type\":\"input_image\",\"image_url\":\"u\"}]}", "input[0].content[0].type", "unsupported_parameter")]
    [InlineData("{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"\"}", "input[0].call_id", "missing_required_parameter")]
    [InlineData("{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":{}}", "input[0].arguments", "invalid_type")]
    [InlineData("{\"type\":\"function_call_output\",\"call_id\":\"c\"}", "input[0].output", "missing_required_parameter")]
    [InlineData("{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":[{\"type\":\"input_image\",\"image_url\":\"u\"}]}", "input[0].output[0].type", "unsupported_parameter")]
    [InlineData("{\"type\":\"reasoning\",\"summary\":[{\"type\":\"summary_text\"}]}", "input[0].summary[0].text", "missing_required_parameter")]
    public void Items_are_faulted_by_path(string item, string param, string code)
    {
        var fault = Fault($$"""{"model":"m","input":[{{item}}]}""");
        Assert.Equal((param, code), (fault.Param, fault.Code));
        Assert.Contains($"'{param}'", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"input\":\"hi\"}", "model", "missing_required_parameter")]
    [InlineData("{\"model\":7,\"input\":\"hi\"}", "model", "invalid_type")]
    [InlineData("{\"model\":\"m\"}", "input", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":null}", "input", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":[]}", "input", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"input\":{}}", "input", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"instructions\":[]}", "instructions", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"temperature\":\"hot\"}", "temperature", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"max_output_tokens\":1.5}", "max_output_tokens", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"stream\":\"yes\"}", "stream", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tools\":{}}", "tools", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}", "tools[0].name", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tools\":[{\"type\":\"custom\",\"name\":\"f\",\"format\":{\"type\":\"grammar\"}}]}", "tools[0].format.syntax", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tool_choice\":\"sometimes\"}", "tool_choice", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tool_choice\":\"required\"}", "tool_choice", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"tools\":[{\"type\":\"function\",\"name\":\"f\"}],\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"mcp\"}]}}", "tool_choice.tools[0].type", "unsupported_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"text\":{\"format\":{\"type\":\"xml\"}}}", "text.format.type", "invalid_value")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"n\"}}}", "text.format.schema", "missing_required_parameter")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"include\":[\"x\",7]}", "include[1]", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"store\":1}", "store", "invalid_type")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"top_logprobs\":\"x\"}", "top_logprobs", "invalid_type")]
    public void Members_are_faulted_by_name(string request, string param, string code)
    {
        var fault = Fault(request);
        Assert.Equal((param, code), (fault.Param, fault.Code));
    }

    [Theory]
    [InlineData("{\"model\":\"m\",\"model\":\"n\",\"input\":\"a\"}", "model")]
    [InlineData("{\"model\":\"m\",\"\\u006dodel\":\"n\",\"input\":\"a\"}", "model")]
    [InlineData("{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\",\"text\":\"b\"}]}]}", "input[1].content[0].text")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\",\"metadata\":{\"\\ud800\":\"x\",\"\\ud801\":\"y\"}}", "metadata.\uFFFD")]
    public void A_member_that_is_given_twice_is_refused_by_path(string request, string param)
    {
        var fault = Fault(request);
        Assert.Equal((param, "duplicate_parameter"), (fault.Param, fault.Code));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    [InlineData("{\"model\":\"m\",\"input\":\"hi\"}}")]
    [InlineData("{\"model\":\"m\" \"input\":\"hi\"}")]
    [InlineData("{\"model\":\"m\",\"input\":\"a\nb\"}")]
    public void What_is_no_json_is_told_as_such(string request)
    {
        var fault = Fault(request);
        Assert.Equal((null, "invalid_json"), (fault.Param, fault.Code));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        var fault = LlmGateway.Protocols.Translation.ResponsesToChatTranslator.Translate("{\"model\":\"m\",\"input\":\"\xFF\"}"u8[..^3].ToArray()
            .Concat(new byte[] { 0xFF, (byte)'"', (byte)'}' }).ToArray()).Fault;
        Assert.Equal("invalid_json", fault?.Code);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string Nested(int depth) => $$$"""{"model":"m","input":"a","metadata":{"x":{{{new string('[', depth)}}}{{{new string(']', depth)}}}}}""";
        Assert.Null(Translate(Nested(100)).Fault);
        Assert.Equal("invalid_json", Fault(Nested(130)).Code);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("[]")]
    [InlineData("null")]
    public void What_is_no_object_is_refused(string request) => Assert.Equal("invalid_type", Fault(request).Code);
}

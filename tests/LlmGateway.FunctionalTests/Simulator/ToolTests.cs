using System.Text.Json;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class ToolTests
{
    private const string Tools = """
        ,"tools":[
          {"type":"function","function":{"name":"get_weather","parameters":{"type":"object","required":["city","unit","days"],
            "properties":{"city":{"type":"string"},"unit":{"enum":["celsius","kelvin"]},"days":{"type":"integer","minimum":3},"extra":{"type":"string"}}}}},
          {"type":"function","function":{"name":"get_time","parameters":{"type":"object","required":["zone"],
            "properties":{"zone":{"$ref":"#/$defs/zone"}},"$defs":{"zone":{"type":["null","string"],"minLength":6}}}}}]
        """;

    [Fact]
    public async Task The_first_tool_is_called_with_arguments_that_fit_its_schema()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync(Tools);

        JsonElement choice = answer.GetProperty("choices")[0];
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        (string name, string arguments) = Assert.Single(Calls(choice.GetProperty("message")));
        Assert.Equal("get_weather", name);
        Assert.Equal("""{"city":"city","unit":"celsius","days":3}""", arguments);
    }

    [Fact]
    public async Task Tools_that_are_mentioned_are_called_in_parallel_unless_that_is_off()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        const string Text = "call get_time and get_weather";
        JsonElement both = await sim.ChatJsonAsync(Tools, text: Text);
        JsonElement one = await sim.ChatJsonAsync(Tools + ""","parallel_tool_calls":false""", text: Text);

        Assert.Equal(["get_weather", "get_time"], Calls(both.GetProperty("choices")[0].GetProperty("message")).Select(static call => call.Name));
        Assert.Single(Calls(one.GetProperty("choices")[0].GetProperty("message")));
    }

    [Fact]
    public async Task A_named_tool_is_called_and_none_calls_none()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement named = await sim.ChatJsonAsync(Tools + ""","tool_choice":{"type":"function","function":{"name":"get_time"}}""");
        JsonElement none = await sim.ChatJsonAsync(Tools + ""","tool_choice":"none" """);

        Assert.Equal(("get_time", """{"zone":"zonexx"}"""), Assert.Single(Calls(named.GetProperty("choices")[0].GetProperty("message"))));
        Assert.Equal("stop", none.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task A_tool_result_is_answered_with_text()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        const string Messages = """
            {"model":"sim-small","messages":[{"role":"user","content":"Weather?"},
            {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"get_weather","arguments":"{}"}}]},
            {"role":"tool","tool_call_id":"call_1","content":"rain"}]
            """;
        using HttpResponseMessage response = await sim.PostAsync("chat/completions", Messages + Tools + "}");
        JsonElement answer = await SimulatorFixture.JsonAsync(response);

        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.StartsWith("You said: \"Weather?\"", answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streamed_calls_begin_with_id_and_name_and_go_on_with_index_and_arguments()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        const string Text = "get_time get_weather";
        JsonElement whole = await sim.ChatJsonAsync(Tools, text: Text);
        List<string> events = await sim.StreamAsync(Tools + ""","stream_options":{"include_usage":true}""", text: Text);

        JsonElement[] chunks = [.. events[..^1].Select(SimulatorFixture.Parse)];
        JsonElement[] fragments = [.. chunks[1..^2].Select(static chunk => chunk.GetProperty("choices")[0].GetProperty("delta").GetProperty("tool_calls")[0])];
        string[] arguments = ["", ""];
        var seen = new HashSet<int>();
        foreach (JsonElement fragment in fragments)
        {
            int index = fragment.GetProperty("index").GetInt32();
            bool first = seen.Add(index);
            Assert.Equal(first, fragment.TryGetProperty("id", out _));
            Assert.Equal(first, fragment.TryGetProperty("type", out _));
            Assert.Equal(first, fragment.GetProperty("function").TryGetProperty("name", out _));
            arguments[index] += fragment.GetProperty("function").GetProperty("arguments").GetString();
        }

        Assert.Equal(Calls(whole.GetProperty("choices")[0].GetProperty("message")).Select(static call => call.Arguments), arguments);
        Assert.Equal("tool_calls", chunks[^2].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(fragments.Length, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_json_schema_is_answered_with_a_document_that_is_valid_for_it()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync("""
            ,"response_format":{"type":"json_schema","json_schema":{"name":"trip","strict":true,"schema":{"type":"object","additionalProperties":false,
            "required":["name","when","stops","price","ok","kind","guests"],"properties":{
            "name":{"type":"string","maxLength":3},"when":{"type":"string","format":"date"},
            "stops":{"type":"array","minItems":2,"items":{"type":"object","required":["id"],"properties":{"id":{"type":"integer","exclusiveMinimum":7}}}},
            "price":{"type":"number","maximum":0.5},"ok":{"type":"boolean"},"kind":{"anyOf":[{"const":"day"},{"type":"null"}]},
            "guests":{"type":"array","items":{"type":"string"}}}}}}
            """);

        Assert.Equal(
            """{"name":"nam","when":"2026-01-01","stops":[{"id":8},{"id":8}],"price":0.5,"ok":true,"kind":"day","guests":[]}""",
            answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_schema_without_end_is_cut_off_rather_than_followed_for_ever()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions());
        JsonElement answer = await sim.ChatJsonAsync("""
            ,"response_format":{"type":"json_schema","json_schema":{"name":"node","schema":{"type":"object","required":["next"],"properties":{"next":{"$ref":"#"}}}}}
            """);

        JsonElement node = SimulatorFixture.Parse(answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!);
        Assert.Equal(JsonValueKind.Object, node.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task A_json_object_is_answered_with_an_object()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync(""","response_format":{"type":"json_object"}""");

        string content = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        Assert.Equal(JsonValueKind.Object, SimulatorFixture.Parse(content).ValueKind);
    }

    private static List<(string Name, string Arguments)> Calls(JsonElement message) =>
        [.. message.GetProperty("tool_calls").EnumerateArray().Select(static call =>
            (call.GetProperty("function").GetProperty("name").GetString()!, call.GetProperty("function").GetProperty("arguments").GetString()!))];
}

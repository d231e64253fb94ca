using System.Text;
using System.Text.Json;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class StreamTests
{
    [Fact]
    public async Task A_stream_opens_with_the_role_and_ends_with_finish_and_done()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 12 });
        List<string> events = await sim.StreamAsync();

        Assert.Equal(1 + 12 + 1 + 1, events.Count);
        Assert.Equal("[DONE]", events[^1]);
        JsonElement[] chunks = [.. events[..^1].Select(SimulatorFixture.Parse)];
        Assert.Equal("""{"role":"assistant","content":"","refusal":null}""", Delta(chunks[0]).GetRawText());
        Assert.All(chunks[1..^1], static chunk => Assert.Equal("content", Assert.Single(Delta(chunk).EnumerateObject()).Name));
        Assert.Equal("{}", Delta(chunks[^1]).GetRawText());
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.All(chunks[..^1], static chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("choices")[0].GetProperty("finish_reason").ValueKind));
        Assert.All(chunks, static chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Single(chunks.Select(static chunk => chunk.GetProperty("id").GetString()).Distinct());
        Assert.Single(chunks.Select(static chunk => chunk.GetProperty("created").GetInt64()).Distinct());
        Assert.All(chunks, static chunk => Assert.False(chunk.TryGetProperty("usage", out _)));
        Assert.All(chunks, static chunk => Assert.False(chunk.TryGetProperty("obfuscation", out _)));
    }

    [Fact]
    public async Task Streamed_or_not_the_text_is_the_same()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        const string Text = "Grüße, “世界” \\ \"quoted\"\tand 🙂🙂🙂🙂🙂🙂 more";
        JsonElement whole = await sim.ChatJsonAsync(text: Text);
        List<string> events = await sim.StreamAsync(text: Text);

        Assert.Equal(whole.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString(), Text0(events));
        Assert.Contains("🙂", Text0(events), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Usage_comes_last_without_choices_and_is_null_before()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 8 });
        List<string> events = await sim.StreamAsync(""","stream_options":{"include_usage":true}""");

        JsonElement[] chunks = [.. events[..^1].Select(SimulatorFixture.Parse)];
        Assert.All(chunks[..^1], static chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
        Assert.Equal(0, chunks[^1].GetProperty("choices").GetArrayLength());
        Assert.Equal(8, chunks[^1].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(chunks[0].GetProperty("id").GetString(), chunks[^1].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Choices_interleave_and_each_has_its_role_and_its_finish()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 4 });
        List<string> events = await sim.StreamAsync(""","n":2""");

        int[] order = [.. events[..^1].Select(static data => SimulatorFixture.Parse(data).GetProperty("choices")[0].GetProperty("index").GetInt32())];
        Assert.Equal([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1], order);
    }

    [Fact]
    public async Task Obfuscation_is_added_where_the_options_say_so_unless_the_request_declines()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { Obfuscation = true });
        List<string> padded = await sim.StreamAsync();
        List<string> plain = await sim.StreamAsync(""","stream_options":{"include_obfuscation":false}""");

        Assert.All(padded[..^1], static data => Assert.NotEqual("", SimulatorFixture.Parse(data).GetProperty("obfuscation").GetString()));
        Assert.All(plain[..^1], static data => Assert.DoesNotContain("obfuscation", data, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_legacy_completion_streams_texts()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 20 });
        using HttpResponseMessage streamed = await sim.PostAsync("completions", """{"model":"sim-small","prompt":["Once ","upon"],"stream":true}""");
        using HttpResponseMessage whole = await sim.PostAsync("completions", """{"model":"sim-small","prompt":["Once ","upon"]}""");

        List<string> events = SimulatorFixture.Events(await streamed.Content.ReadAsStringAsync());
        JsonElement answer = await SimulatorFixture.JsonAsync(whole);
        Assert.Equal("text_completion", answer.GetProperty("object").GetString());
        string joined = string.Concat(events[..^1].Select(static data => SimulatorFixture.Parse(data).GetProperty("choices")[0].GetProperty("text").GetString()));
        Assert.Equal(answer.GetProperty("choices")[0].GetProperty("text").GetString(), joined);
        Assert.StartsWith("You said: \"Once upon\".", joined, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_ids_are_a_prompt_too()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.PostAsync("completions", """{"model":"sim-small","prompt":[[1,2,3],[4]],"max_tokens":3}""");

        JsonElement usage = (await SimulatorFixture.JsonAsync(response)).GetProperty("usage");
        Assert.Equal(4, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(3, usage.GetProperty("completion_tokens").GetInt32());
    }

    private static JsonElement Delta(JsonElement chunk) => chunk.GetProperty("choices")[0].GetProperty("delta");

    private static string Text0(List<string> events)
    {
        var text = new StringBuilder();
        foreach (string data in events[..^1])
        {
            if (Delta(SimulatorFixture.Parse(data)).TryGetProperty("content", out JsonElement content))
            {
                text.Append(content.GetString());
            }
        }

        return text.ToString();
    }
}

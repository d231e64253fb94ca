using System.Net;
using System.Text.Json;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class ChatTests
{
    [Fact]
    public async Task An_answer_has_the_shape_of_OpenAI_and_quotes_the_question()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync(text: "What is the \"price\" of tea?\n");

        Assert.StartsWith("chatcmpl-", answer.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.Equal("sim-small", answer.GetProperty("model").GetString());
        Assert.Equal("fp_simulator", answer.GetProperty("system_fingerprint").GetString());
        JsonElement choice = Assert.Single(answer.GetProperty("choices").EnumerateArray());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("logprobs").ValueKind);
        JsonElement message = choice.GetProperty("message");
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("refusal").ValueKind);
        Assert.StartsWith("You said: \"What is the \"price\" of tea?\".", message.GetProperty("content").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_request_has_the_same_text_and_another_request_another()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        string first = Content(await sim.ChatJsonAsync());

        Assert.Equal(first, Content(await sim.ChatJsonAsync()));
        Assert.NotEqual(first, Content(await sim.ChatJsonAsync(model: "sim-large")));
        Assert.NotEqual(first, Content(await sim.ChatJsonAsync(text: "Hello, who is here?")));
    }

    [Fact]
    public async Task Usage_counts_a_token_for_four_bytes_and_four_a_message()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 10 });
        JsonElement usage = (await sim.ChatJsonAsync(text: "abcdefghi")).GetProperty("usage");

        Assert.Equal(3 + 4 + 3, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(10, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(20, usage.GetProperty("total_tokens").GetInt32());
        Assert.Equal(0, usage.GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_limit_below_the_length_of_the_answer_ends_it_with_length(string name)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync($",\"{name}\":5");

        Assert.Equal("length", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(5, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_stop_sequence_ends_the_text_before_it()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        JsonElement answer = await sim.ChatJsonAsync(""","stop":["nowhere","who is"]""");

        Assert.Equal("You said: \"Hello, ", Content(answer));
        Assert.Equal("stop", answer.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Several_choices_differ_and_are_all_counted()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 30 });
        JsonElement answer = await sim.ChatJsonAsync(""","n":3""");

        JsonElement[] choices = [.. answer.GetProperty("choices").EnumerateArray()];
        Assert.Equal([0, 1, 2], choices.Select(static choice => choice.GetProperty("index").GetInt32()));
        Assert.Equal(3, choices.Select(static choice => choice.GetProperty("message").GetProperty("content").GetString()).Distinct().Count());
        Assert.Equal(90, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_reasoning_model_counts_its_reasoning_and_hides_it()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 10 });
        JsonElement answer = await sim.ChatJsonAsync(model: "sim-reasoning");

        JsonElement usage = answer.GetProperty("usage");
        Assert.Equal(42, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(32, usage.GetProperty("completion_tokens_details").GetProperty("reasoning_tokens").GetInt32());
        Assert.False(answer.GetProperty("choices")[0].GetProperty("message").TryGetProperty("reasoning_content", out _));
    }

    [Fact]
    public async Task Reasoning_is_shown_where_the_options_say_so()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { ReasoningContent = true });
        JsonElement answer = await sim.ChatJsonAsync(model: "sim-reasoning");
        List<string> events = await sim.StreamAsync(model: "sim-reasoning");

        string? reasoning = answer.GetProperty("choices")[0].GetProperty("message").GetProperty("reasoning_content").GetString();
        Assert.False(string.IsNullOrEmpty(reasoning));
        Assert.Equal(32, events.Count(static data => data.Contains("\"reasoning_content\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Images_and_parts_are_accepted_and_counted()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        const string Body = """
            {"model":"sim-small","messages":[{"content":[{"type":"text","text":"what is this?"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}],"role":"user"}]}
            """;
        using HttpResponseMessage response = await sim.PostAsync("chat/completions", Body);
        JsonElement answer = await SimulatorFixture.JsonAsync(response);

        Assert.Equal(4 + 85 + 4 + 3, answer.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.StartsWith("You said: \"what is this?\"", Content(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_prefix_seen_before_is_reported_as_cached_in_steps_of_128()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        string prefix = new('x', 6_000);
        JsonElement first = await sim.ChatJsonAsync(text: prefix + "one");
        JsonElement second = await sim.ChatJsonAsync(text: prefix + "two");
        JsonElement other = await sim.ChatJsonAsync(text: prefix + "two", model: "sim-large");

        Assert.Equal(0, Cached(first));
        Assert.Equal(1_408, Cached(second));
        Assert.Equal(0, Cached(other));
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_of_OpenAI()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.ChatAsync();

        Assert.StartsWith("req_", response.Headers.GetValues("x-request-id").Single(), StringComparison.Ordinal);
        Assert.Equal("2020-10-01", response.Headers.GetValues("openai-version").Single());
        Assert.True(response.Headers.Contains("openai-processing-ms"));
        Assert.True(response.Headers.Contains("openai-organization"));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.False(response.Headers.Contains("x-ratelimit-limit-requests"));
    }

    [Fact]
    public async Task Paths_without_v1_are_served_alike()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.PostAsync("/chat/completions", SimulatorFixture.ChatBody());

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Prior_knowledge_HTTP2_is_spoken_where_asked()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { ListenHttp2 = true });
        using HttpResponseMessage response = await sim.ChatAsync();

        Assert.Equal(HttpVersion.Version20, response.Version);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static string Content(JsonElement answer) => answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

    private static int Cached(JsonElement answer) =>
        answer.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
}

using System.Net;
using System.Text;
using System.Text.Json;
using LlmGateway.Simulator;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Recording;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class FaultTests
{
    [Theory]
    [InlineData("status=503", 503, "server_error", null)]
    [InlineData("status=500", 500, "server_error", null)]
    [InlineData("status=429", 429, "requests", "rate_limit_exceeded")]
    [InlineData("status=429,type=insufficient_quota,code=insufficient_quota,message=No%2C money", 429, "insufficient_quota", "insufficient_quota")]
    public async Task A_status_comes_with_the_error_of_OpenAI_or_the_members_given(string fault, int status, string type, string? code)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.ChatAsync(fault: fault);

        Assert.Equal(status, (int)response.StatusCode);
        JsonElement error = (await SimulatorFixture.JsonAsync(response)).GetProperty("error");
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        if (fault.Contains("message", StringComparison.Ordinal))
        {
            Assert.Equal("No, money", error.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Retry_after_is_sent_in_seconds_and_in_milliseconds()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.ChatAsync(fault: "status=429,retry=1500ms");

        Assert.Equal("2", response.Headers.GetValues("retry-after").Single());
        Assert.Equal("1500", response.Headers.GetValues("retry-after-ms").Single());
    }

    [Fact]
    public async Task Every_provider_body_is_served_with_its_status()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        foreach (string name in FaultBody.Names)
        {
            using HttpResponseMessage response = await sim.ChatAsync(fault: $"body={name}");
            string body = await response.Content.ReadAsStringAsync();

            Assert.True((int)response.StatusCode >= 400, name);
            Assert.Equal(name is "empty", body.Length == 0);
            if (name is not ("empty" or "html" or "text"))
            {
                SimulatorFixture.Parse(body);
            }
        }
    }

    [Fact]
    public async Task The_model_name_carries_faults_that_combine_and_answers_name_the_model_without()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage refused = await sim.ChatAsync(model: "sim-small!body=deepseek402,status=418");
        JsonElement answer = await sim.ChatJsonAsync(model: "sim-small!tokens=7");

        Assert.Equal(418, (int)refused.StatusCode);
        Assert.Equal("sim-small", answer.GetProperty("model").GetString());
        Assert.Equal(7, answer.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task The_header_overrides_the_model_name_which_overrides_a_rule()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        sim.Host.Faults.Add("status=501,code=rule");
        using HttpResponseMessage ruled = await sim.ChatAsync();
        using HttpResponseMessage named = await sim.ChatAsync(model: "sim-small!status=502");
        using HttpResponseMessage asked = await sim.ChatAsync(model: "sim-small!status=502", fault: "status=504");

        Assert.Equal([501, 502, 504], new[] { ruled, named, asked }.Select(static response => (int)response.StatusCode));
        Assert.Equal("rule", (await SimulatorFixture.JsonAsync(asked)).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_rule_strikes_the_next_requests_that_match_and_is_spent()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        sim.Host.Faults.Add(new FaultRule("status=500") { Path = "/v1/chat/*", Model = "sim-s*", Count = 2 });
        var statuses = new List<int>();
        foreach (string model in new[] { "sim-large", "sim-small", "sim-small", "sim-small" })
        {
            using HttpResponseMessage response = await sim.ChatAsync(model: model);
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([200, 500, 500, 200], statuses);
        Assert.Empty(sim.Host.Faults.Snapshot());
    }

    [Fact]
    public async Task A_chance_strikes_its_share_and_the_same_requests_in_every_run()
    {
        var runs = new List<string>();
        for (int run = 0; run < 2; run++)
        {
            await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { Seed = 42 });
            sim.Host.Faults.Add(new FaultRule("status=500") { Probability = 0.5 });
            var struck = new StringBuilder();
            for (int i = 0; i < 40; i++)
            {
                using HttpResponseMessage response = await sim.ChatAsync();
                struck.Append(response.IsSuccessStatusCode ? '.' : '!');
            }

            runs.Add(struck.ToString());
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.InRange(runs[0].Count(static c => c == '!'), 10, 30);
    }

    [Fact]
    public async Task An_error_may_come_under_status_200()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.ChatAsync(fault: "error200,body=openrouter502");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(502, (await SimulatorFixture.JsonAsync(response)).GetProperty("error").GetProperty("code").GetInt32());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task A_cut_stream_has_so_many_events_and_breaks_off(int events)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.OpenStreamAsync(fault: $"cut={events}");
        string received = await ReadToTheBreakAsync(response, sim.Soon);

        Assert.Equal(events, SimulatorFixture.Events(received).Count);
        SimulatedRequest entry = await sim.Host.Requests.WaitAsync(static entry => entry.FinishedAt is not null, sim.Soon);
        Assert.Equal(events, entry.EventsWritten);
        Assert.False(entry.ClientAborted);
    }

    [Fact]
    public async Task A_cut_body_breaks_off_after_so_many_bytes()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response =
            await sim.PostAsync("chat/completions", SimulatorFixture.ChatBody(), "cut=20", HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(20, (await ReadToTheBreakAsync(response, sim.Soon)).Length);
    }

    [Fact]
    public async Task A_reset_connection_answers_nothing()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => sim.ChatAsync(fault: "reset"));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("stall=2")]
    public async Task A_silent_provider_stays_silent_until_the_client_leaves(string fault)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(sim.Soon);
        Task<string> reading = ReadAsync(sim, fault, leave.Token);
        await sim.Host.Requests.WaitAsync(entry => fault == "hang" || entry.EventsWritten == 2, sim.Soon);
        Assert.False(reading.IsCompleted);
        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        SimulatedRequest entry = await sim.Host.Requests.WaitAsync(static entry => entry.FinishedAt is not null, sim.Soon);
        Assert.True(entry.ClientAborted);
        Assert.Equal(fault == "hang" ? 0 : 2, entry.EventsWritten);
    }

    [Fact]
    public async Task One_event_may_be_broken_among_whole_ones()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 5 });
        List<string> events = await sim.StreamAsync(fault: "malformed=2");

        Assert.ThrowsAny<JsonException>(() => SimulatorFixture.Parse(events[1]));
        Assert.Equal(8, events.Count);
        Assert.All(events.Where((_, index) => index is not (1 or 7)), static data => SimulatorFixture.Parse(data));
    }

    [Fact]
    public async Task An_error_frame_ends_the_stream_after_so_many_events()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        List<string> first = await sim.StreamAsync(fault: "error=0");
        List<string> third = await sim.StreamAsync(fault: "error=2,code=server_is_overloaded");

        Assert.Equal("server_error", SimulatorFixture.Parse(Assert.Single(first)).GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(3, third.Count);
        Assert.Equal("server_is_overloaded", SimulatorFixture.Parse(third[2]).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_end_marker_may_be_missing()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        List<string> events = await sim.StreamAsync(fault: "nodone");

        Assert.DoesNotContain("[DONE]", events);
        Assert.Contains("\"finish_reason\":\"stop\"", events[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("crlf")]
    [InlineData("split=1")]
    [InlineData("split=7,crlf")]
    public async Task Framing_changes_and_the_events_do_not(string fault)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 5 });
        using HttpResponseMessage response = await sim.ChatAsync(""","stream":true""", fault: fault);
        string body = await response.Content.ReadAsStringAsync();

        Assert.Equal(8, SimulatorFixture.Events(body).Count);
        Assert.Equal(fault.Contains("crlf", StringComparison.Ordinal), body.EndsWith("data: [DONE]\r\n\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usage_comes_where_other_providers_put_it()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { OutputTokens = 5 });
        const string Ask = ""","stream_options":{"include_usage":true}""";
        List<string> none = await sim.StreamAsync(Ask, fault: "nousage");
        List<string> finish = await sim.StreamAsync(Ask, fault: "usageinfinish");
        List<string> kimi = await sim.StreamAsync(Ask, fault: "kimi");

        Assert.DoesNotContain(none, static data => data.Contains("usage", StringComparison.Ordinal));
        Assert.Equal(5, Chunk(finish, 2).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(1, Chunk(finish, 2).GetProperty("choices").GetArrayLength());
        Assert.Equal(5, Chunk(kimi, 3).GetProperty("choices")[0].GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(5, Chunk(kimi, 2).GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        JsonElement body = await sim.ChatJsonAsync(fault: "nousage");
        Assert.False(body.TryGetProperty("usage", out _));
    }

    [Fact]
    public async Task The_first_chunk_may_have_no_choices_and_the_finish_reason_may_be_strange()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        List<string> events = await sim.StreamAsync(fault: "emptyfirst,finish=insufficient_system_resource");

        Assert.Equal(0, SimulatorFixture.Parse(events[0]).GetProperty("choices").GetArrayLength());
        Assert.Equal("insufficient_system_resource", Chunk(events, 2).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Faults_strike_embeddings_and_models_too()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage embedding = await sim.PostAsync("embeddings", """{"model":"sim-embedding!status=503","input":"a"}""");
        sim.Host.Faults.Add(new FaultRule("status=500") { Path = "*/models" });
        using HttpResponseMessage models = await sim.Client.GetAsync("models");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, embedding.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, models.StatusCode);
    }

    [Theory]
    [InlineData("status=99")]
    [InlineData("status")]
    [InlineData("stall=-1")]
    [InlineData("malformed=0")]
    [InlineData("body=nobody")]
    [InlineData("first=5y")]
    [InlineData("first=99999999999h")]
    [InlineData("crlf=1")]
    [InlineData("what")]
    public void A_fault_that_cannot_be_read_is_named(string fault)
    {
        Assert.False(FaultGrammar.IsValid("nodone," + fault, out string? error));
        Assert.Contains($"'{fault}'", error, StringComparison.Ordinal);
    }

    private static JsonElement Chunk(List<string> events, int fromEnd) => SimulatorFixture.Parse(events[^fromEnd]);

    private static async Task<string> ReadAsync(SimulatorFixture sim, string fault, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "chat/completions") { Content = new StringContent(SimulatorFixture.ChatBody(""","stream":true""")) };
        request.Headers.Add("x-sim-fault", fault);
        using HttpResponseMessage response = await sim.Client.SendAsync(request, cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    private static async Task<string> ReadToTheBreakAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var received = new MemoryStream();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(received, cancellationToken));
        return Encoding.UTF8.GetString(received.ToArray());
    }
}

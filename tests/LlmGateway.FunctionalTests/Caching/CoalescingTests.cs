using System.Net;
using System.Net.Sockets;
using System.Text;
using LlmGateway.Caching.Sharing;
using LlmGateway.FunctionalTests.Failover;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Limits;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>The same question, asked by many at the same time.</summary>
[Collection(Heavy.Name)]
public class CoalescingTests
{
    private const string Question = """{"model":"down","stream":true,"messages":[{"role":"user","content":"the same"}]}""";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_thousand_share_one_call_whoever_stalls_and_whenever_the_leader_dies(int seed)
    {
        const int Clients = 989;
        const int Stalled = 10;
        const int Events = 40;
        var random = new Random(seed);
        var diesAt = random.Next(Events);
        var calls = 0;
        Flights? flights = null;
        var leader = new TcpClient();
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
            await call.WriteAsync(Chunk("first"));
            await Eventually.TrueAsync(() => flights!.Readers == 1 + Clients + Stalled);
            for (var i = 0; i < Events; i++)
            {
                if (i == diesAt)
                {
                    leader.Client.LingerState = new LingerOption(true, 0);
                    leader.Dispose();
                }

                await call.WriteAsync(Chunk(new string((char)('a' + (i % 26)), 4096)));
            }

            await call.WriteAsync(Finish);
        });
        await using var gateway = await StartAsync(upstream);
        flights = gateway.Host.Services.GetRequiredService<Flights>();

        await AskRawAsync(gateway, leader);
        await Eventually.TrueAsync(() => Volatile.Read(ref calls) == 1);
        var stalled = new List<TcpClient>();
        for (var i = 0; i < Stalled; i++)
        {
            stalled.Add(new TcpClient { ReceiveBufferSize = 4096 });
            await AskRawAsync(gateway, stalled[^1]);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
        {
            using var response = await gateway.PostAsync("v1/chat/completions", Question);
            return (Cache: response.Cache(), Cost: response.Header("x-gateway-cost"), Text: await response.Content.ReadAsStringAsync(gateway.Soon));
        }));

        Assert.Equal(1, calls);
        Assert.All(answers, answer => Assert.Equal("coalesced", answer.Cache));
        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.EndsWith("data: [DONE]\n\n", answers[0].Text, StringComparison.Ordinal);
        Assert.Equal(Events + 3, answers[0].Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);
        stalled.ForEach(client => client.Dispose());

        var rows = await gateway.WaitForRowsAsync(1 + Clients);
        Assert.Equal("measured", Assert.Single(rows, row => row["cause"] is "primary")["usage_source"]);
        var shared = rows.Where(row => row["cause"] is "cache").ToList();

        // Those who stalled got it all from the gateway as well, as far as the buffers between have room for it.
        Assert.InRange(shared.Count, Clients, Clients + Stalled);
        Assert.All(shared, row => Assert.Equal(("coalesced", "0.000000000"), (row["cache_status"], row["cost"])));
        Assert.Single(shared.Select(row => row["cache_saving"]).Distinct());
    }

    [Fact]
    public async Task Who_stalls_is_cut_loose_once_it_is_far_behind_and_its_connection_with_it()
    {
        Flights? flights = null;
        var read = 0L;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
            await Eventually.TrueAsync(() => flights!.Readers == 2);

            // More than all buffers between here and a client that does not read, until it is let go; never faster than the other one reads.
            for (var written = 0L; flights!.Readers == 2; written += 4096)
            {
                await Eventually.TrueAsync(() => Volatile.Read(ref read) >= written - (64 * 1024));
                await call.WriteAsync(Chunk(new string('x', 4096)));
            }

            await call.WriteAsync(Finish);
        });
        await using var gateway = await StartAsync(upstream, new SharingOptions { MostBehind = 1024 * 1024, Window = 64 * 1024 });
        flights = gateway.Host.Services.GetRequiredService<Flights>();
        using var stalled = new TcpClient { ReceiveBufferSize = 4096 };
        await AskRawAsync(gateway, stalled);
        await Eventually.TrueAsync(() => flights.Readers == 1);

        using var response = await gateway.PostAsync("v1/chat/completions", Question, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(gateway.Soon));
        string? last = null;
        while (await lines.ReadLineAsync(gateway.Soon) is { } line)
        {
            last = line.Length > 0 ? line : last;
            Volatile.Write(ref read, read + line.Length);
        }

        Assert.Equal("data: [DONE]", last);
        var broken = await Record.ExceptionAsync(async () =>
        {
            var buffer = new byte[64 * 1024];
            while (await stalled.GetStream().ReadAsync(buffer, gateway.Soon) > 0)
            {
            }
        });
        Assert.IsType<IOException>(broken);
    }

    [Fact]
    public async Task When_all_have_left_the_provider_is_asked_no_longer()
    {
        var hungUp = new TaskCompletionSource();
        Flights? flights = null;
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
            try
            {
                while (true)
                {
                    await call.WriteAsync(Chunk("more"));
                    await Task.Yield();
                }
            }
            catch (IOException)
            {
                hungUp.TrySetResult();
                throw;
            }
        });
        await using var gateway = await StartAsync(upstream);
        flights = gateway.Host.Services.GetRequiredService<Flights>();
        var clients = Enumerable.Range(0, 5).Select(_ => new TcpClient()).ToList();
        foreach (var client in clients)
        {
            await AskRawAsync(gateway, client);
        }

        await Eventually.TrueAsync(() => flights.Readers == 5);
        clients.ForEach(client => client.Dispose());

        await hungUp.Task.WaitAsync(gateway.Soon);
        Assert.Equal(1, calls);
        Assert.Equal("cancelled", Assert.Single(await gateway.WaitForRowsAsync(1))["error_class"]);
        await Eventually.TrueAsync(() => gateway.Host.Services.GetRequiredService<Drain>().InFlight == 0);
        Assert.Equal(0, flights.Readers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_provider_that_fails_is_asked_once_more_for_all_who_wait_and_not_by_each(bool stream)
    {
        const int Clients = 50;
        Flights? flights = null;
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            if (Interlocked.Increment(ref calls) == 1)
            {
                await Eventually.TrueAsync(() => flights!.Readers == Clients);
            }

            await call.WriteAsync("HTTP/1.1 500 Oops\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"error\":{\"message\":\"no\"}}");
        });
        await using var gateway = await StartAsync(upstream);
        flights = gateway.Host.Services.GetRequiredService<Flights>();

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => gateway.PostAsync("v1/chat/completions", Question.Replace("true", stream ? "true" : "false", StringComparison.Ordinal))));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode));
        Assert.InRange(calls, 2, 4);
        Assert.Equal(Clients, answers.Select(answer => answer.Header("x-request-id")).Distinct().Count());
    }

    [Fact]
    public async Task What_is_not_streamed_is_shared_too_and_each_has_headers_of_its_own()
    {
        const int Clients = 20;
        Flights? flights = null;
        var calls = 0;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await Eventually.TrueAsync(() => flights!.Readers == Clients);
            await call.WriteAsync(ScriptedUpstream.Head("application/json") + """
                {"id":"x","object":"chat.completion","created":1,"model":"any","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"yes"}}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}
                """);
        });
        await using var gateway = await StartAsync(upstream);
        flights = gateway.Host.Services.GetRequiredService<Flights>();

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => gateway.PostAsync("v1/chat/completions", Question.Replace("true", "false", StringComparison.Ordinal))));

        Assert.Equal(1, calls);
        Assert.Equal(1, answers.Count(answer => answer.Cache() == "miss"));
        Assert.Equal(Clients - 1, answers.Count(answer => answer.Cache() == "coalesced"));
        Assert.Equal(Clients, answers.Select(answer => answer.Header("x-gateway-operation-id")).Distinct().Count());
        Assert.Equal("0.000030000 USD", Assert.Single(answers, answer => answer.Cache() == "miss").Header("x-gateway-cost"));
        Assert.All(answers.Where(answer => answer.Cache() == "coalesced"), answer => Assert.Equal(("0.000000000 USD", "0"), (answer.Header("x-gateway-cost"), answer.Header("x-gateway-attempts"))));
        Assert.Single((await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()))).Distinct());
        using var hit = await gateway.PostAsync("v1/chat/completions", Question);
        Assert.Equal("hit", hit.Cache());
    }

    [Fact]
    public async Task Tenants_that_ask_the_same_at_the_same_time_are_asked_for_each()
    {
        var calls = 0;
        var both = new TaskCompletionSource();
        await using var upstream = new ScriptedUpstream(async call =>
        {
            if (Interlocked.Increment(ref calls) == 2)
            {
                both.SetResult();
            }

            // Neither is answered before both have come: one that waited for the other's answer would hang.
            await both.Task;
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Chunk("x") + Finish);
        });
        await using var gateway = await StartAsync(upstream, edit: static configuration => configuration.Edit("routes: [chat, \"emb*\"]", "routes: [chat, down]"));

        var answers = await Task.WhenAll(
            gateway.PostAsync("v1/chat/completions", Question),
            gateway.PostAsync("v1/chat/completions", Question, with: request => request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey)));

        Assert.All(answers, answer => Assert.Equal("miss", answer.Cache()));
        Assert.Equal(2, calls);
    }

    [Fact]
    public async Task A_leader_that_has_used_up_its_own_limit_refuses_nobody_else()
    {
        var calls = 0;
        Flights? flights = null;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            Interlocked.Increment(ref calls);
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Chunk("x") + Finish);
        });
        await using var gateway = await StartAsync(upstream, edit: static configuration => configuration.WithSecret("poor.key", "sk-test-key-of-acme-poor-0123456789").Edit(
            "keys: [ { name: ci, key: \"${file:acme.key}\" } ]",
            "keys: [ { name: ci, key: \"${file:acme.key}\" }, { name: poor, key: \"${file:poor.key}\", budgets: [ { amount: 0.000000001, period: total } ] } ]"));
        flights = gateway.Host.Services.GetRequiredService<Flights>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => gateway.PostAsync("v1/chat/completions", Question, with: request =>
            request.Headers.Authorization = new("Bearer", i % 2 == 0 ? "sk-test-key-of-acme-poor-0123456789" : TestConfiguration.Key))));

        Assert.All(answers.Index().Where(one => one.Index % 2 == 1), one => Assert.Equal(HttpStatusCode.OK, one.Item.StatusCode));
        Assert.All(
            answers.Index().Where(one => one.Index % 2 == 0 && one.Item.StatusCode is not HttpStatusCode.OK),
            one => Assert.Equal(HttpStatusCode.TooManyRequests, one.Item.StatusCode));
        Assert.Equal(1, calls);
        Assert.Equal(0, flights.Readers);
    }

    [Fact]
    public async Task A_stream_that_another_deployment_went_on_with_reaches_all_and_is_not_kept()
    {
        Flights? flights = null;
        await using var rig = await FailoverRig.StartAsync(
            [
                ("a", async (call, _) =>
                {
                    await Eventually.TrueAsync(() => flights!.Readers == 5);
                    await Providers.Cuts(call);
                }, ""),
                ("b", (call, _) => Providers.Streams(call, id: "c-2"), ""),
            ],
            "{ mid_stream: resume }", route: "cache: { exact: { ttl: 1h } },");
        flights = rig.Gateway.Host.Services.GetRequiredService<Flights>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => rig.AskAsync("\"stream\":true")));
        var texts = await Task.WhenAll(answers.Select(answer => answer.Content.ReadAsStringAsync()));
        using var only = await rig.AskAsync("\"stream\":true", request => request.Headers.Add("x-gateway-cache", "only"));

        Assert.EndsWith("data: [DONE]\n\n", Assert.Single(texts.Distinct()), StringComparison.Ordinal);
        Assert.Equal("a b", rig.Order);
        Assert.Equal(4, answers.Count(answer => answer.Cache() == "coalesced"));
        Assert.Equal(HttpStatusCode.PreconditionFailed, only.StatusCode);
    }

    [Fact]
    public async Task A_gateway_that_has_to_stop_ends_all_who_share_a_stream_with_an_error_event()
    {
        Flights? flights = null;
        await using var upstream = new ScriptedUpstream(async call =>
        {
            await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Chunk("begun"));
            await Task.Delay(Timeout.InfiniteTimeSpan, call.Stopped);
        });
        await using var gateway = await StartAsync(upstream, edit: static configuration => configuration.Edit("max_request_body: 1MB", "max_request_body: 1MB, drain: 0s"));
        flights = gateway.Host.Services.GetRequiredService<Flights>();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.PostAsync("v1/chat/completions", Question, HttpCompletionOption.ResponseHeadersRead)));
        await Eventually.TrueAsync(() => flights.Readers == 5);

        var reading = answers.Select(answer => answer.Content.ReadAsStringAsync()).ToList();
        await gateway.Host.StopAsync(CancellationToken.None);

        Assert.All(await Task.WhenAll(reading), text => Assert.Contains("gateway_stopping", text, StringComparison.Ordinal));
    }

    private static string Finish =>
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n" +
        "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}}\n\n" +
        "data: [DONE]\n\n";

    private static string Chunk(string text) =>
        $"data: {{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"any\",\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\"finish_reason\":null}}]}}\n\n";

    private static async Task<TestGateway> StartAsync(ScriptedUpstream upstream, SharingOptions? options = null, Action<TestConfiguration>? edit = null)
    {
        var configuration = CachingGateway.Configuration().WithUpstream(upstream.BaseUrl);
        edit?.Invoke(configuration);
        return await TestGateway.StartAsync(configuration, configure: services =>
        {
            if (options is not null)
            {
                services.AddSingleton(options);
            }
        });
    }

    private static async Task AskRawAsync(TestGateway gateway, TcpClient client)
    {
        await client.ConnectAsync(gateway.BaseUrl.Host, gateway.BaseUrl.Port, gateway.Soon);
        var body = Encoding.UTF8.GetBytes(Question);
        await client.GetStream().WriteAsync(
            Encoding.ASCII.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TestConfiguration.Key}\r\ncontent-type: application/json\r\ncontent-length: {body.Length}\r\n\r\n"));
        await client.GetStream().WriteAsync(body);
    }
}

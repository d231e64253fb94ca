using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using LlmGateway.FunctionalTests.Failover;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.FrontDoor;

/// <summary>Answers at the translated doors whose end comes early: of the stream, of the gateway's time, of the process.</summary>
public class DoorEndTests
{
    private const string Messages = "v1/messages";
    private const string Responses = "v1/responses";

    [Theory]
    [InlineData(Messages, "")]
    [InlineData(Responses, "")]
    [InlineData(Messages, ", capabilities: [prefix_completion]")]
    [InlineData(Responses, ", capabilities: [prefix_completion]")]
    public async Task Another_deployment_goes_on_with_a_stream_that_dies(string door, string deployment)
    {
        var prefix = deployment.Length > 0;
        await using var rig = await FailoverRig.StartAsync(
            [("a", (call, _) => Providers.Cuts(call), ""), ("b", (call, _) => prefix ? RestAsync(call) : Providers.Streams(call, id: "c-2"), deployment)],
            "{ mid_stream: resume }", provider: ", credentials: none, profile: openai");

        using var response = await rig.Gateway.PostAsync(door, Body(door, "faulty", stream: true));
        var text = await response.Content.ReadAsStringAsync(rig.Gateway.Soon);

        Assert.Equal(Providers.Text, TextOf(text));
        Assert.Single(Regex.Matches(text, "event: (message_start|response.created)\n"));
        Assert.Matches("event: (message_stop|response.completed)\n.*\n\n$", text);
        Assert.Equal(prefix ? "30" : "60", Regex.Matches(text, "\"output_tokens\":([1-9][0-9]*)")[^1].Groups[1].Value);
        rig.Expect("a b", [(0, 0)], "a primary 200 bad_gateway", "b fallback 200 ok");
        Assert.All(rig.Gateway.Rows(), row => Assert.Equal(door[3..], row["endpoint"]));

        // The bound by the name that this provider takes, and less what has been written where that need not be written again.
        var asked = JsonDocument.Parse(rig.Calls[1].Body).RootElement;
        Assert.False(asked.TryGetProperty("max_tokens", out _));
        Assert.InRange(asked.GetProperty("max_completion_tokens").GetInt32(), prefix ? 200 : 300, prefix ? 299 : 300);
    }

    [Theory]
    [InlineData(Messages, "overloaded_error")]
    [InlineData(Responses, "server_error")]
    public async Task A_gateway_whose_time_is_up_says_so_in_the_callers_dialect(string door, string type)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["silent"] = "hang", ["endless"] = "tokens=5000,stall=20" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        var drain = gateway.Host.Services.GetRequiredService<Drain>();
        var unanswered = gateway.PostAsync(door, Body(door, "silent"));
        var streamed = gateway.PostAsync(door, Body(door, "endless", stream: true));
        await gateway.Simulator.Requests.WaitAsync(static request => request.EventsWritten == 20, gateway.Soon);
        await gateway.Simulator.Requests.WaitAsync(static request => request.Model?.Contains("hang", StringComparison.Ordinal) is true, gateway.Soon);

        drain.Refuse();
        using var late = await gateway.PostAsync(door, Body(door));
        await drain.CutAsync();

        using var whole = await unanswered;
        foreach (var refused in new[] { late, whole })
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
            Assert.True(refused.Headers.ConnectionClose);
            var error = JsonDocument.Parse(await refused.Content.ReadAsStringAsync(gateway.Soon)).RootElement.GetProperty("error");
            Assert.Equal(type, error.GetProperty("type").GetString());
        }

        using var stream = await streamed;
        var text = await stream.Content.ReadAsStringAsync(gateway.Soon);
        Assert.DoesNotMatch("message_stop|response\\.(completed|incomplete)", text);
        Assert.Matches("event: (error|response\\.failed)\n.*\n\n$", text);
        Assert.Equal(["interrupted", "interrupted"], (await gateway.WaitForRowsAsync(2)).Select(static row => row["error_class"]));
    }

    [Theory]
    [InlineData(Messages, "anthropic")]
    [InlineData(Responses, "openai")]
    public async Task A_killed_gateway_books_what_was_in_flight_under_its_own_door(string door, string dialect)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { AnyModel = true });
        using var configuration = new TestConfiguration().WithUpstream(simulator.BaseAddress).Edit("model: any }", "model: \"any!hang\", price: nobody/any }");
        using (var gateway = await GatewayProcess.StartAsync(configuration, patience.Token))
        {
            using var body = new StringContent(Body(door, "down"), Encoding.UTF8, "application/json");
            var asked = gateway.Client.PostAsync(door, body, patience.Token);
            await simulator.Requests.WaitAsync(static request => request.Model is not null, patience.Token);
            await gateway.KillAsync();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => asked);
        }

        await using var again = await TestGateway.StartAsync(configuration);

        var row = again.OnlyRow();
        Assert.Equal(("interrupted", door[3..], dialect, "estimated"), (row["error_class"], row["endpoint"], row["dialect"], row["usage_source"]));
    }

    private static async Task RestAsync(UpstreamCall call)
    {
        await call.WriteAsync(ScriptedUpstream.Head("text/event-stream") + Providers.Chunk("{\"role\":\"assistant\",\"content\":\"\"}", "c-2"));
        foreach (var word in Providers.Words[40..])
        {
            await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{word}\"}}", "c-2"));
        }

        await call.WriteAsync(Providers.Chunk("{}", "c-2", "\"stop\"") + Providers.Usage(20, "c-2") + "data: [DONE]\n\n");
    }

    private static string TextOf(string stream) => string.Concat(
        Regex.Matches(stream, "\"(?:text_delta|response.output_text.delta)\"[^\n]*\"(?:text|delta)\":\"([^\"]*)\"").Select(static match => match.Groups[1].Value));

    private static string Body(string door, string model = "chat", bool stream = false) => door == Messages
        ? $$"""{"model":"{{model}}","max_tokens":300,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Hi"}]}"""
        : $$"""{"model":"{{model}}","max_output_tokens":300,"stream":{{(stream ? "true" : "false")}},"input":"Hi"}""";
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using LlmGateway.Simulator;
using LlmGateway.Simulator.Recording;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class ControlTests
{
    [Fact]
    public async Task Rules_are_set_shown_and_removed_over_HTTP()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage added = await sim.PostAsync("/_sim/faults", """[{"fault":"status=503","model":"sim-*","count":5},{"fault":"nodone","probability":0.5}]""");
        using HttpResponseMessage struck = await sim.ChatAsync();
        JsonElement rules = await SimulatorFixture.JsonAsync(await sim.Client.GetAsync("/_sim/faults"));
        using HttpResponseMessage removed = await sim.Client.DeleteAsync("/_sim/faults");

        Assert.Equal(HttpStatusCode.OK, added.StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, struck.StatusCode);
        Assert.Equal(2, rules.GetArrayLength());
        Assert.Equal(4, rules[0].GetProperty("count").GetInt32());
        Assert.Empty(sim.Host.Faults.Snapshot());
    }

    [Fact]
    public async Task Who_waits_for_a_request_of_a_model_is_woken_when_the_model_is_known_and_not_only_at_its_end()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        using var client = new TcpClient();
        await client.ConnectAsync(sim.Host.BaseAddress.Host, sim.Host.BaseAddress.Port, soon.Token);
        const string Body = """{"model":"sim-small!hang","messages":[{"role":"user","content":"hello"}]}""";
        string head = $"POST /v1/chat/completions HTTP/1.1\r\nHost: sim\r\nContent-Type: application/json\r\nContent-Length: {Body.Length}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), soon.Token);
        await sim.Host.Requests.WaitAsync(static _ => true, soon.Token);

        Task<SimulatedRequest> waiting = sim.Host.Requests.WaitAsync(static request => request.Model == "sim-small!hang", soon.Token);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(Body), soon.Token);

        Assert.Null((await waiting).FinishedAt);
    }

    [Theory]
    [InlineData("faults", """{"fault":"what"}""")]
    [InlineData("faults", """{"fault":"nodone","probability":2}""")]
    [InlineData("faults", """{"fault":"nodone","colour":"red"}""")]
    [InlineData("faults", "\"nodone\"")]
    [InlineData("faults", "{")]
    [InlineData("options", """{"jitter":7}""")]
    [InlineData("options", """{"jitter":"high"}""")]
    [InlineData("options", """{"token_delay":"soon"}""")]
    [InlineData("options", """{"urls":[]}""")]
    public async Task What_cannot_be_set_is_refused_and_changes_nothing(string what, string body)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        SimulatorOptions before = sim.Host.Options;
        using HttpResponseMessage response = await sim.PostAsync("/_sim/" + what, body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Same(before, sim.Host.Options);
        Assert.Empty(sim.Host.Faults.Snapshot());
    }

    [Fact]
    public async Task Options_change_for_the_requests_that_follow()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage changed = await sim.PostAsync("/_sim/options", """{"output_tokens":3,"api_keys":["sk-secret-of-some-length"],"token_delay":"0ms"}""");
        using HttpResponseMessage refused = await sim.ChatAsync();

        Assert.Equal(3, sim.Host.Options.OutputTokens);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        string shown = await changed.Content.ReadAsStringAsync();
        Assert.Contains("\"output_tokens\":3", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret-of-some-length", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_remembers_what_was_sent_and_forgets_the_oldest()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { RequestLogCapacity = 2, RequestLogBodyBytes = 10 });
        sim.Client.DefaultRequestHeaders.Add("api-key", "sk-secret-of-some-length");
        await sim.ChatJsonAsync();
        await sim.ChatJsonAsync(model: "sim-large");
        await sim.StreamAsync(model: "sim-small!nodone");

        IReadOnlyList<SimulatedRequest> log = sim.Host.Requests.Snapshot();
        Assert.Equal(["sim-large", "sim-small!nodone"], log.Select(static entry => entry.Model));
        Assert.Equal("nodone", log[1].Fault);
        Assert.Equal("POST /v1/chat/completions 200", $"{log[1].Method} {log[1].Path} {log[1].Status}");
        Assert.Equal("""{"model":""", System.Text.Encoding.UTF8.GetString(log[1].Body.Span[..9]));
        Assert.Equal(10, log[1].Body.Length);
        Assert.True(log[1].BodyLength > 10);
        Assert.Equal("sk-secret-of-some-length", log[1].Header("Api-Key"));
        Assert.Equal(64 + 2, log[1].EventsWritten);

        string shown = await sim.Client.GetStringAsync("/_sim/requests");
        Assert.DoesNotContain("sk-secret-of-some-length", shown, StringComparison.Ordinal);
        Assert.Equal(2, SimulatorFixture.Parse(shown).GetArrayLength());
    }

    [Fact]
    public async Task A_client_that_leaves_a_paced_stream_is_noticed()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { TokenDelay = TimeSpan.FromMinutes(1) });
        HttpResponseMessage response = await sim.OpenStreamAsync();
        await sim.Host.Requests.WaitAsync(static entry => entry.EventsWritten == 2, sim.Soon);
        response.Dispose();

        SimulatedRequest entry = await sim.Host.Requests.WaitAsync(static entry => entry.FinishedAt is not null, sim.Soon);
        Assert.True(entry.ClientAborted);
        Assert.Equal(2, entry.EventsWritten);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_the_stream_back()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.OpenStreamAsync(fault: "tokens=500000", model: "sim-large", more: "");
        SimulatedRequest entry = Assert.Single(sim.Host.Requests.Snapshot());
        await using Stream stream = await response.Content.ReadAsStreamAsync(sim.Soon);
        int received = await stream.ReadAsync(new byte[100], sim.Soon);

        Assert.True(received > 0);
        Assert.Null(entry.FinishedAt);
        Assert.True(entry.EventsWritten < 400_000);
    }

    [Fact]
    public async Task A_simulator_can_live_in_another_application()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSimulator();
        await using WebApplication application = builder.Build();
        application.MapSimulator("/sim");
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(application.Urls.First() + "/sim/v1/") };
        using HttpResponseMessage response = await client.PostAsync("chat/completions", new StringContent(SimulatorFixture.ChatBody()));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Unusable_options_are_refused_with_every_error()
    {
        var options = new SimulatorOptions { Jitter = 2, OutputTokens = 0, Models = [new SimulatorModel("a!b")], Urls = ["https://localhost"] };
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => SimulatorHost.StartAsync(options));

        Assert.Equal(4, options.Validate().Count);
        Assert.All(options.Validate(), line => Assert.Contains(line, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Disposing_ends_a_stream_that_hangs()
    {
        SimulatorFixture sim = await SimulatorFixture.StartAsync();
        Task<HttpResponseMessage> asking = sim.ChatAsync(fault: "hang");
        await sim.Host.Requests.WaitAsync(static entry => entry.Fault == "hang", sim.Soon);
        await sim.Host.DisposeAsync();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => asking);
        await sim.DisposeAsync();
    }
}

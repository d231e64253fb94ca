using LlmGateway.LoadTests.Forwarder;
using LlmGateway.LoadTests.Http;
using LlmGateway.LoadTests.Models;
using LlmGateway.LoadTests.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class LoadModelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_stall_of_the_target_is_paid_by_every_request_that_was_due_meanwhile()
    {
        // One connection at 1,000 requests a second: all that is due while the first answer is held waits behind it.
        var release = new TaskCompletionSource();
        var first = 1;
        await using var server = await StartAsync(async context =>
        {
            if (Interlocked.Exchange(ref first, 0) == 1)
            {
                await release.Task;
            }

            await context.Response.WriteAsync("{}");
        });
        using var stop = new CancellationTokenSource();
        using var abandon = new CancellationTokenSource(Patience);
        var measurement = new Measurement();
        measurement.Open();
        var running = new OpenModel(Request(server), 1000, connections: 1, TimeSpan.Zero).RunAsync(measurement, stop.Token, abandon.Token);
        using var stall = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        await stall.WaitForNextTickAsync();
        measurement.Close();
        await stop.CancelAsync();
        release.SetResult();
        await running;

        Assert.Equal(0, measurement.Failed);
        // A thousand a second were due as long as the window was open, and a busy machine may hold it open for longer than the tick.
        Assert.InRange(measurement.Completed, 100, measurement.Elapsed.TotalMilliseconds + 50);
        Assert.InRange(measurement.Latency.Percentile(50)!.Value, 100, 10_000);
    }

    [Fact]
    public async Task What_never_comes_counts_as_unfinished_and_as_slow()
    {
        await using var server = await StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var abandon = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var measurement = await RunAsync(new ClosedModel(Request(server), 1, TimeSpan.Zero, budget: 1), abandon.Token);

        Assert.Equal(1, measurement.Failures(Failure.Unfinished));
        Assert.InRange(measurement.Latency.Percentile(100)!.Value, 150, 20_000);
    }

    [Fact]
    public async Task A_budget_is_spent_exactly_whatever_the_number_of_connections()
    {
        var received = 0;
        await using var server = await StartAsync(context =>
        {
            Interlocked.Increment(ref received);
            return context.Response.WriteAsync("{}");
        });

        var measurement = await RunAsync(new ClosedModel(Request(server), 7, TimeSpan.Zero, budget: 100), CancellationToken.None);

        Assert.Equal((100, 100L), (received, measurement.Completed));
    }

    [Fact]
    public async Task A_request_from_before_the_window_is_not_counted()
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync("{}"));
        var measurement = new Measurement();

        await new ClosedModel(Request(server), 1, TimeSpan.Zero, budget: 5).RunAsync(measurement, CancellationToken.None, CancellationToken.None);

        Assert.Equal(0, measurement.Completed);
    }

    [Fact]
    public async Task An_error_is_counted_by_its_kind_and_quoted()
    {
        await using var server = await StartAsync(context =>
        {
            context.Response.StatusCode = 401;
            return context.Response.WriteAsync("wrong key");
        });

        var measurement = await RunAsync(new ClosedModel(Request(server), 1, TimeSpan.Zero, budget: 2), CancellationToken.None);

        Assert.Equal((0L, 2), (measurement.Completed, measurement.Failures(Failure.Status)));
        Assert.Equal("status 401: wrong key", measurement.FirstFailure);
    }

    [Theory]
    [InlineData("data: {\"content\":\"x\"}\n\n")]
    [InlineData("data: [DONE]\n\n")]
    public async Task A_stream_without_its_end_or_without_a_token_is_truncated(string stream)
    {
        await using var server = await StartAsync(context => context.Response.WriteAsync(stream));

        var measurement = await RunAsync(new ClosedModel(Request(server, streamed: true), 1, TimeSpan.Zero, budget: 1), CancellationToken.None);

        Assert.Equal(1, measurement.Failures(Failure.Truncated));
    }

    [Fact]
    public async Task A_target_that_is_gone_ends_the_load()
    {
        var gone = FreePort.Url();

        var measurement = await RunAsync(new ClosedModel(Request(gone), 2, TimeSpan.Zero), CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(40, measurement.Failures(Failure.Connection));
    }

    [Fact]
    public async Task The_yardstick_passes_a_request_and_its_answer_on()
    {
        await using var server = await StartAsync(async context =>
            await context.Response.WriteAsync($"{context.Request.Host} {context.Request.Path} {context.Request.Headers.Authorization}"));
        await using var forwarder = BareForwarder.Create(new Uri("http://127.0.0.1:0"), Url(server));
        await forwarder.StartAsync();
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer k");

        Assert.Equal($"{Url(server).Authority} /v1/x Bearer k", await client.GetStringAsync(new Uri(Url(forwarder), "/v1/x")));
    }

    private static async Task<Measurement> RunAsync(ILoad load, CancellationToken abandon)
    {
        var measurement = new Measurement();
        measurement.Open();
        await load.RunAsync(measurement, CancellationToken.None, abandon);
        return measurement;
    }

    private static ChatRequest Request(WebApplication server, bool streamed = false) => Request(Url(server), streamed);

    private static ChatRequest Request(Uri url, bool streamed = false) =>
        ChatRequest.For(new Target(Target.Direct, url, "k", "m", Sampler: null), maxTokens: 1, streamed);

    private static Uri Url(WebApplication app) => new(app.Urls.First());

    private static async Task<WebApplication> StartAsync(RequestDelegate handler)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(handler);
        await app.StartAsync();
        return app;
    }
}

using LlmGateway.FunctionalTests.Failover;
using LlmGateway.FunctionalTests.Telemetry;
using LlmGateway.Limits.Alerts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>How webhooks are told: signed, again until they have it, once where that is possible.</summary>
public sealed class DeliveryTests
{
    private const string Budget = "amount: 0.002, period: month, warn: 1";

    [Fact]
    public async Task A_delivery_is_signed_as_standard_webhooks_are()
    {
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        await Alerting.SpendAllAsync(gateway);
        var told = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal(told.Expect(Alerting.Key), told.Headers["webhook-signature"]);
        Assert.InRange(told.Timestamp, before, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        Assert.Equal("application/json", told.Headers["content-type"]);
        Assert.Equal("/budgets", told.Path);
    }

    [Fact]
    public async Task A_receiver_that_fails_is_told_again_under_the_same_id()
    {
        await using var receiver = await Receiver.StartAsync(static count => count switch { 0 => 500, 1 => 429, _ => 200 });
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        var told = await receiver.TakeAsync(3);
        Assert.Single(told.Select(one => one.Id).Distinct());
        Assert.Single(told.Select(one => Convert.ToHexString(one.Body)).Distinct());
        await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Delivered).Count == 1);
        Assert.Equal((3, 200, null), Facts(Assert.Single(Alerting.Deliveries(configuration))));
        var scrape = await gateway.ScrapeAsync();
        Assert.Equal(
            (2, 1),
            (scrape.Sum("llmgateway_webhook_deliveries_total", "event=\"budget.stop\"", "result=\"failed\""), scrape.Sum("llmgateway_webhook_deliveries_total", "result=\"delivered\"")));
    }

    [Fact]
    public async Task What_was_not_delivered_before_a_restart_is_delivered_behind_it_and_what_was_is_not_told_again()
    {
        var up = false;
        await using var receiver = await Receiver.StartAsync(_ => Volatile.Read(ref up) ? 200 : 503);
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using (var gateway = await Alerting.StartAsync(configuration))
        {
            await Alerting.SpendAllAsync(gateway);
            await receiver.TakeAsync(1);
        }

        var failed = receiver.All.Length;
        Volatile.Write(ref up, true);
        await using (var gateway = await Alerting.StartAsync(configuration))
        {
            var told = await receiver.TakeAsync(failed + 1);
            Assert.Single(told.Select(one => one.Id).Distinct());
            await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Delivered).Count == 1);
        }

        await using (var gateway = await Alerting.StartAsync(configuration))
        {
            // What counts starts anew here; the refusal raises the event again, and its id is known.
            await Alerting.SpendAllAsync(gateway, maxTokens: 400);
            await new CountingLooks(gateway).PassAsync(3);
        }

        Assert.Equal(failed + 1, receiver.All.Length);
        Assert.Single(Alerting.Deliveries(configuration));
    }

    [Fact]
    public async Task One_that_answers_410_is_told_no_more_of_it()
    {
        await using var receiver = await Receiver.StartAsync(static _ => 410);
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Gone).Count == 1);
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var elsewhere = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync((_, http) =>
        {
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            http.Response.Headers.Location = elsewhere.Url;
            return Task.CompletedTask;
        });
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        await receiver.TakeAsync(2);
        Assert.Empty(elsewhere.All);
        Assert.Equal(307, Assert.Single(Alerting.Deliveries(configuration)).Status);
    }

    [Fact]
    public async Task One_that_hangs_delays_no_other_and_is_tried_again()
    {
        await using var hanging = await Receiver.StartAsync(static (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted));
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.5", receiver)
            .Edit("webhooks: [ ", $$"""webhooks: [ { url: "{{hanging.Url}}", secret: "${file:hook.secret}" }, """);
        await using var gateway = await Alerting.StartAsync(configuration, options: new AlertOptions
        {
            Look = TimeSpan.FromMilliseconds(50),
            Send = TimeSpan.FromMilliseconds(20),
            FirstRetry = TimeSpan.FromMilliseconds(20),
            Timeout = TimeSpan.FromSeconds(2),
        });
        await Alerting.SpendAllAsync(gateway);
        await receiver.TakeAsync(2);
        await hanging.TakeAsync(3);
        Assert.Contains(Alerting.Deliveries(configuration, DeliveryState.Pending), delivery => delivery is { Error: "timeout", Status: null, Attempts: > 0 });
        Assert.Equal(2, Alerting.Deliveries(configuration, DeliveryState.Delivered).Count);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_it()
    {
        var gone = new TaskCompletionSource();
        await using var receiver = await Receiver.StartAsync(async (_, http) =>
        {
            var piece = new byte[64 * 1024];
            try
            {
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await http.Response.Body.WriteAsync(piece, http.RequestAborted);
                }
            }
            catch (Exception error) when (error is OperationCanceledException or IOException)
            {
            }

            gone.TrySetResult();
        });
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration);
        await Alerting.SpendAllAsync(gateway);
        await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Delivered).Count == 1);
        await gone.Task.WaitAsync(gateway.Soon);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up()
    {
        var time = new ManualTime();
        await using var receiver = await Receiver.StartAsync(static _ => 500);
        using var configuration = Alerting.Configuration(Budget, receiver);
        await using var gateway = await Alerting.StartAsync(configuration, time, new AlertOptions());
        await Alerting.SpendAllAsync(gateway);
        var start = time.GetUtcNow();
        await Eventually.TrueAsync(() => Pass(TimeSpan.FromSeconds(1), () => receiver.All.Length > 0));
        var queue = gateway.Host.Services.GetRequiredService<WebhookQueue>();
        while (queue.List(null, DeliveryState.Pending, 1).Count > 0)
        {
            time.Advance(TimeSpan.FromMinutes(20));
            await Eventually.TrueAsync(() => Pass(TimeSpan.FromSeconds(1), () => queue.Due(time.GetUtcNow(), [], 1).Count == 0));
        }

        var expired = Assert.Single(Alerting.Deliveries(configuration));
        Assert.Equal((DeliveryState.Expired, 500), (expired.State, expired.Status));
        Assert.InRange(time.GetUtcNow() - start, TimeSpan.FromHours(22), TimeSpan.FromHours(25));
        Assert.InRange(receiver.All.Length, 20, 40);
        Assert.Equal(expired.Attempts, receiver.All.Length);

        // Each attempt is signed with its own time.
        Assert.All(receiver.All, told => Assert.Equal(told.Expect(Alerting.Key), told.Headers["webhook-signature"]));
        Assert.Equal(receiver.All.Length, receiver.All.Select(told => told.Timestamp).Distinct().Count());

        bool Pass(TimeSpan by, Func<bool> condition)
        {
            time.Advance(by);
            return condition();
        }
    }

    [Fact]
    public async Task Neither_a_log_nor_the_database_has_the_secret_or_the_address()
    {
        using var log = new LogCapture();
        await using var receiver = await Receiver.StartAsync(static count => count == 0 ? 500 : 410);
        using var configuration = Alerting.Configuration(Budget, receiver).Edit("level: warning", "level: trace");
        await using (var gateway = await Alerting.StartAsync(configuration, more: services => services.AddSingleton<ILoggerProvider>(log)))
        {
            await Alerting.SpendAllAsync(gateway);
            await Eventually.TrueAsync(() => Alerting.Deliveries(configuration, DeliveryState.Gone).Count == 1);
        }

        Assert.Contains(log.Lines, line => line.Contains("it wants no more", StringComparison.Ordinal));
        string[] secrets = ["not-for-logs", Convert.ToBase64String(Alerting.Key)];
        Assert.All(secrets, secret => Assert.DoesNotContain(log.Lines, line => line.Contains(secret, StringComparison.Ordinal)));
        var files = Directory.GetFiles(configuration.DataFolder, "gateway.db*").Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))).ToList();
        Assert.Contains(files, text => text.Contains("budget.stop", StringComparison.Ordinal));
        Assert.All(secrets, secret => Assert.DoesNotContain(files, text => text.Contains(secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_clock_that_steps_back_over_the_end_of_a_period_tells_nothing_twice()
    {
        var time = new SteppingTime(new DateTimeOffset(2026, 12, 1, 0, 0, 10, TimeSpan.Zero));
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.1", receiver, ", events: [budget.warning]");
        await using var gateway = await Alerting.StartAsync(configuration, time);
        await Alerting.SpendAllAsync(gateway);
        var first = Assert.Single(await receiver.TakeAsync(1));
        Assert.Equal("2026-12-01T00:00:00Z", Alerting.Text(first.Data.GetProperty("budget"), "starts_at"));
        time.Step(TimeSpan.FromSeconds(-40));
        await Alerting.SpendAllAsync(gateway);
        await new CountingLooks(gateway).PassAsync(3);
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task A_clock_that_steps_back_over_the_end_of_a_period_tells_nothing_of_the_period_before_as_of_the_new_one()
    {
        var time = new SteppingTime(new DateTimeOffset(2026, 12, 1, 0, 0, 10, TimeSpan.Zero));
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.1", receiver);
        await using var gateway = await Alerting.StartAsync(configuration, time);
        var looks = new CountingLooks(gateway);
        await looks.PassAsync(3);

        time.Step(TimeSpan.FromMinutes(-10));
        await Alerting.SpendAllAsync(gateway);
        await looks.PassAsync(3);
        Assert.Empty(receiver.All);

        // The refusals of November are none of December.
        time.Step(TimeSpan.FromMinutes(10));
        await looks.PassAsync(3);
        Assert.Empty(receiver.All);
        await Alerting.SpendAllAsync(gateway);
        var told = await receiver.TakeAsync(2);
        Assert.All(told, one => Assert.Equal("2026-12-01T00:00:00Z", Alerting.Text(one.Data.GetProperty("budget"), "starts_at")));
    }

    [Fact]
    public async Task A_budget_that_was_full_until_its_end_is_not_told_of_as_stopped_when_the_next_period_begins()
    {
        var time = new SteppingTime(new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero));
        await using var receiver = await Receiver.StartAsync();
        using var configuration = Alerting.Configuration("amount: 0.002, period: month, warn: 0.1", receiver, ", events: [budget.stop]");
        await using var gateway = await Alerting.StartAsync(configuration, time, new AlertOptions { Look = TimeSpan.FromSeconds(2), Send = TimeSpan.FromMilliseconds(20) });
        var looks = new CountingLooks(gateway);
        await looks.PassAsync(1);

        // All of it between two looks.
        await Alerting.SpendAllAsync(gateway);
        time.Step(TimeSpan.FromHours(2));
        await looks.PassAsync(2);
        Assert.All(receiver.All, one => Assert.Equal("2026-11-01T00:00:00Z", Alerting.Text(one.Data.GetProperty("budget"), "starts_at")));
    }

    private static (int, int?, string?) Facts(Delivery delivery) => (delivery.Attempts, delivery.Status, delivery.Error);

    /// <summary>Goes as the real clock does, from a moment of its own, and can be set back.</summary>
    private sealed class SteppingTime(DateTimeOffset start) : TimeProvider
    {
        private readonly long _started = System.GetTimestamp();
        private long _stepped;

        public void Step(TimeSpan by) => Interlocked.Add(ref _stepped, by.Ticks);

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_started) + TimeSpan.FromTicks(Volatile.Read(ref _stepped));
    }
}

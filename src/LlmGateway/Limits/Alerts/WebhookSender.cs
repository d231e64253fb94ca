using LlmGateway.Configuration;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Limits.Alerts;

/// <summary>
/// Makes deliveries: at least once each, in a row for one webhook and side by side for several, so that one that hangs delays no other. What
/// is not delivered when the process ends is taken up by the next.
/// </summary>
internal sealed class WebhookSender(
    WebhookQueue queue, WebhookClaims claims, WebhookClient client, ISnapshotSource snapshots, AlertMetrics metrics, AlertOptions options,
    Random random, TimeProvider time, ILogger<WebhookSender> logger) : IHostedService
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private readonly Dictionary<string, Task> _running = new(StringComparer.Ordinal);
    private DateTimeOffset _forgotAt;
    private bool _failing;
    private Ticker? _ticker;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _ticker = new Ticker(time, options.Send, StartDueAsync);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_ticker is not null)
        {
            await _ticker.DisposeAsync();
            await Task.WhenAll(_running.Values);
        }
    }

    private async Task StartDueAsync(CancellationToken stopping)
    {
        try
        {
            foreach (var due in queue.Due(time.GetUtcNow(), Busy(), options.Batch * Math.Max(1, snapshots.Current.Webhooks.Count)).GroupBy(static delivery => delivery.Hook))
            {
                var deliveries = due.Take(options.Batch).ToArray();
                _running[due.Key] = Task.Run(() => SendAsync(deliveries, stopping), CancellationToken.None);
            }

            if (time.GetUtcNow() - _forgotAt is var since && (since >= ForgetEvery || since < TimeSpan.Zero))
            {
                _forgotAt = time.GetUtcNow();
                queue.Forget(_forgotAt);
                await claims.ForgetAsync(stopping);
            }

            _failing = false;
        }
        catch (SqliteException error)
        {
            Failed(error);
        }
    }

    /// <summary>Webhooks that are being told something: what else is due for them waits, and does not keep others out of sight.</summary>
    private string[] Busy() => [.. _running.Where(static entry => !entry.Value.IsCompleted).Select(static entry => entry.Key)];

    private async Task SendAsync(Delivery[] deliveries, CancellationToken stopping)
    {
        try
        {
            foreach (var delivery in deliveries)
            {
                await SendAsync(delivery, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
        catch (Exception error)
        {
            // Whatever it is, the deliveries are still in the queue.
            Failed(error);
        }
    }

    private async Task SendAsync(Delivery delivery, CancellationToken stopping)
    {
        var now = time.GetUtcNow();
        if (snapshots.Current.Webhooks.FirstOrDefault(webhook => webhook.Id == delivery.Hook) is not { } webhook)
        {
            // It may come back: a secret that is not set leaves a webhook out.
            await PostponeAsync(delivery with { Status = null, Error = "not_configured" }, now, stopping);
            return;
        }

        switch (await claims.ClaimAsync(delivery, options.Lease, stopping))
        {
            case ClaimVerdict.Others:
                queue.Update(delivery with { NextAt = now + options.AskAgain });
                return;
            case ClaimVerdict.Ended:
                queue.Update(delivery with { State = DeliveryState.Elsewhere, NextAt = null });
                return;
        }

        var answer = await client.SendAsync(webhook, delivery, stopping);
        var tried = delivery with { Attempts = delivery.Attempts + 1, Status = answer.Status, Error = answer.Error };
        if (answer.Delivered || answer.Gone)
        {
            if (answer.Gone)
            {
                logger.WantsNoMore(delivery.Host, delivery.Id);
            }

            await EndAsync(tried, answer.Gone ? DeliveryState.Gone : DeliveryState.Delivered, stopping);
        }
        else
        {
            await FailedAsync(tried, answer, time.GetUtcNow(), stopping);
        }
    }

    private async ValueTask PostponeAsync(Delivery delivery, DateTimeOffset now, CancellationToken stopping)
    {
        if (now - delivery.CreatedAt > options.GiveUp)
        {
            logger.GivenUp(delivery.Host, delivery.Id, delivery.Attempts, delivery.Error!);
            await EndAsync(delivery, DeliveryState.Expired, stopping);
            return;
        }

        queue.Update(delivery with { NextAt = now + options.AskAgain });
    }

    private async ValueTask EndAsync(Delivery delivery, string state, CancellationToken stopping)
    {
        queue.Update(delivery with { State = state, NextAt = null });
        metrics.Sent(delivery.Type, state);
        await claims.KeepAsync(delivery, options.Lease, ended: true, stopping);
    }

    private async ValueTask FailedAsync(Delivery delivery, WebhookAnswer answer, DateTimeOffset now, CancellationToken stopping)
    {
        var wait = RetryDelay.Of(options, delivery.Attempts, answer.RetryAfter, random);
        if (now + wait - delivery.CreatedAt > options.GiveUp)
        {
            logger.GivenUp(delivery.Host, delivery.Id, delivery.Attempts, answer.ToString());
            await EndAsync(delivery with { Error = answer.Error }, DeliveryState.Expired, stopping);
            return;
        }

        queue.Update(delivery with { Error = answer.Error, NextAt = now + wait });
        metrics.Sent(delivery.Type, "failed");
        logger.NotTold(delivery.Host, delivery.Id, answer.ToString(), delivery.Attempts, wait);
        await claims.KeepAsync(delivery, wait + options.Lease, ended: false, stopping);
    }

    private void Failed(Exception error)
    {
        if (!_failing)
        {
            _failing = true;
            logger.QueueFailed(error);
        }
    }
}

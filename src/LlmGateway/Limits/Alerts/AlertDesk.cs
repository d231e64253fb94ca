using System.Collections.Concurrent;
using System.Data.Common;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.Limits.Alerts;

/// <summary>Takes alerts, and queues them for the webhooks that want them.</summary>
internal sealed class AlertDesk(WebhookQueue queue, ISnapshotSource snapshots, AlertOptions options, TimeProvider time, ILogger<AlertDesk> logger) : IOperatorAlerts
{
    private const int MostRemembered = 100_000;

    // Spares the database the question: what is worth telling stays so for the rest of its period.
    private readonly ConcurrentDictionary<string, byte> _queued = new(StringComparer.Ordinal);

    /// <summary>Webhooks that have not been told of it.</summary>
    public IReadOnlyList<Webhook> Untold(Alert alert) =>
        [.. snapshots.Current.Webhooks.Where(webhook => webhook.Wants(alert.Type, alert.Watched.Scope.Tenant) && !_queued.ContainsKey(alert.IdFor(webhook)))];

    public void Tell(Alert alert, IReadOnlyList<Webhook> webhooks)
    {
        foreach (var webhook in webhooks)
        {
            var id = alert.IdFor(webhook);
            var added = queue.Add(New(webhook, id, alert.Type, alert.Watched.Scope.Tenant, AlertPayload.Of(alert, id)) with
            {
                KeepUntil = alert.Period.End is { } end ? Later(end, time.GetUtcNow()) + options.Keep : null,
            });
            if (added)
            {
                logger.Raised(AlertMessage.Of(alert), webhook.Url.Host, alert.Type, id);
            }

            if (_queued.Count >= MostRemembered)
            {
                _queued.Clear();
            }

            _queued.TryAdd(id, 0);
        }
    }

    /// <inheritdoc/>
    public void Tell(OperatorAlert alert)
    {
        foreach (var webhook in snapshots.Current.Webhooks)
        {
            if (!webhook.Wants(alert.Type, alert.Tenant))
            {
                continue;
            }

            try
            {
                // Of each event there is one: what one node sees of its own hits no other node tells.
                var id = $"msg_{Guid.NewGuid():N}";
                queue.Add(New(webhook, id, alert.Type, alert.Tenant, AlertPayload.Of(alert, id)) with { KeepUntil = time.GetUtcNow() + options.Keep });
                logger.Raised(alert.Message, webhook.Url.Host, alert.Type, id);
            }
            catch (DbException failure)
            {
                logger.QueueFailed(failure);
            }
        }
    }

    /// <summary>Queues a try for every webhook, whatever it wants.</summary>
    public IReadOnlyList<Delivery> Try()
    {
        var tries = new List<Delivery>();
        foreach (var webhook in snapshots.Current.Webhooks)
        {
            var id = $"msg_{Guid.NewGuid():N}";
            var delivery = New(webhook, id, AlertTypes.Test, "", AlertPayload.OfTest(id, time.GetUtcNow())) with { KeepUntil = time.GetUtcNow() + options.Keep };
            queue.Add(delivery);
            tries.Add(delivery);
        }

        return tries;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private Delivery New(Webhook webhook, string id, string type, string tenant, string payload)
    {
        var now = time.GetUtcNow();
        return new Delivery
        {
            Id = id,
            Hook = webhook.Id,
            Host = webhook.Url.Host,
            Type = type,
            Tenant = tenant,
            Payload = payload,
            Owner = Guid.NewGuid().ToString("N"),
            CreatedAt = now,
            NextAt = now,
        };
    }
}

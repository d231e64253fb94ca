using Dapper;
using LlmGateway.Storage;

namespace LlmGateway.Limits.Alerts;

/// <summary>Deliveries in the database of the data folder: those that are still to be made, and for their ids those that were.</summary>
internal sealed class WebhookQueue(SqliteDatabase database)
{
    private const string Columns =
        "sequence, id, hook, host, type, tenant, payload, owner, state, attempts, status, error, created_at AS CreatedAt, next_at AS NextAt, keep_until AS KeepUntil";

    /// <returns>False when it is there already.</returns>
    public bool Add(Delivery delivery)
    {
        using var connection = database.Open();
        return connection.Execute(
            """
            INSERT INTO webhook_deliveries (id, hook, host, type, tenant, payload, owner, state, attempts, status, error, created_at, next_at, keep_until)
            VALUES (@Id, @Hook, @Host, @Type, @Tenant, @Payload, @Owner, @State, @Attempts, @Status, @Error, @CreatedAt, @NextAt, @KeepUntil)
            ON CONFLICT (id) DO NOTHING
            """,
            DeliveryRow.Of(delivery)) == 1;
    }

    /// <summary>Those that are to be tried now, the longest waiting first.</summary>
    /// <param name="busy">Webhooks that are left out.</param>
    public IReadOnlyList<Delivery> Due(DateTimeOffset now, string[] busy, int limit)
    {
        using var connection = database.Open();
        return [.. connection.Query<DeliveryRow>(
            $"SELECT {Columns} FROM webhook_deliveries WHERE state = 'pending' AND next_at <= @now AND hook NOT IN @busy ORDER BY next_at, sequence LIMIT @limit",
            new { now = now.ToUnixTimeMilliseconds(), busy, limit }).Select(row => row.ToDelivery())];
    }

    /// <summary>Writes what has changed of one.</summary>
    public void Update(Delivery delivery)
    {
        using var connection = database.Open();
        connection.Execute(
            "UPDATE webhook_deliveries SET state = @State, attempts = @Attempts, status = @Status, error = @Error, next_at = @NextAt WHERE id = @Id",
            DeliveryRow.Of(delivery));
    }

    /// <summary>A page in the order of creation, the newest first.</summary>
    /// <param name="before">A sequence; null to begin with the newest.</param>
    /// <param name="state">Null for all.</param>
    public IReadOnlyList<Delivery> List(long? before, string? state, int limit)
    {
        using var connection = database.Open();
        return [.. connection.Query<DeliveryRow>(
            $"SELECT {Columns} FROM webhook_deliveries WHERE sequence < @before AND (@state IS NULL OR state = @state) ORDER BY sequence DESC LIMIT @limit",
            new { before = before ?? long.MaxValue, state, limit }).Select(row => row.ToDelivery())];
    }

    /// <summary>Forgets what nothing could raise again.</summary>
    public void Forget(DateTimeOffset now)
    {
        using var connection = database.Open();
        connection.Execute(
            "DELETE FROM webhook_deliveries WHERE state <> 'pending' AND keep_until < @now", new { now = now.ToUnixTimeMilliseconds() });
    }
}

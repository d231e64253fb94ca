using Dapper;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Limits.Alerts;

/// <summary>Who of several nodes makes a delivery.</summary>
internal enum ClaimVerdict
{
    /// <summary>This one; or there is nobody to ask, and then it is better told twice, with the same id, than not at all.</summary>
    Ours,

    /// <summary>Another one has it, and may be at it.</summary>
    Others,

    /// <summary>Another one had it, and has ended it.</summary>
    Ended,
}

/// <summary>Agrees with the other nodes, through the database that they share, on who makes a delivery. By the clock of that database.</summary>
internal sealed class WebhookClaims(PostgresDatabase postgres)
{
    /// <summary>Takes it, keeps it, or takes it over from a node whose lease has ended.</summary>
    public async ValueTask<ClaimVerdict> ClaimAsync(Delivery delivery, TimeSpan lease, CancellationToken cancellation)
    {
        if (!postgres.IsConfigured)
        {
            return ClaimVerdict.Ours;
        }

        try
        {
            await using var connection = await postgres.OpenAsync(cancellation);
            var ours = await connection.ExecuteScalarAsync<int?>(new CommandDefinition(
                """
                INSERT INTO webhook_claims (id, owner, until, done, keep_until) VALUES (@Id, @Owner, now() + @lease, false, @KeepUntil)
                ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, until = excluded.until
                WHERE NOT webhook_claims.done AND (webhook_claims.owner = excluded.owner OR webhook_claims.until < now())
                RETURNING 1
                """,
                new { delivery.Id, delivery.Owner, lease, KeepUntil = delivery.KeepUntil?.UtcDateTime }, cancellationToken: cancellation));
            if (ours is not null)
            {
                return ClaimVerdict.Ours;
            }

            var done = await connection.ExecuteScalarAsync<bool?>(
                new CommandDefinition("SELECT done FROM webhook_claims WHERE id = @Id", new { delivery.Id }, cancellationToken: cancellation));
            return done is true ? ClaimVerdict.Ended : ClaimVerdict.Others;
        }
        catch (Exception error) when (IsOutage(error, cancellation))
        {
            return ClaimVerdict.Ours;
        }
    }

    /// <summary>Keeps it for a time, or for good where it has ended.</summary>
    public async ValueTask KeepAsync(Delivery delivery, TimeSpan lease, bool ended, CancellationToken cancellation)
    {
        if (postgres.IsConfigured)
        {
            await TryAsync(
                "UPDATE webhook_claims SET until = now() + @lease, done = @ended WHERE id = @Id AND owner = @Owner",
                new { delivery.Id, delivery.Owner, lease, ended }, cancellation);
        }
    }

    /// <summary>Forgets what nothing could raise again.</summary>
    public async ValueTask ForgetAsync(CancellationToken cancellation)
    {
        if (postgres.IsConfigured)
        {
            await TryAsync("DELETE FROM webhook_claims WHERE keep_until < now()", null, cancellation);
        }
    }

    private async ValueTask TryAsync(string sql, object? values, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await postgres.OpenAsync(cancellation);
            await connection.ExecuteAsync(new CommandDefinition(sql, values, cancellationToken: cancellation));
        }
        catch (Exception error) when (IsOutage(error, cancellation))
        {
            // Another node may send it once more when the lease ends.
        }
    }

    private static bool IsOutage(Exception error, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested && (error is NpgsqlException || PostgresUnavailableException.IsOutage(error));
}

using System.Data;
using System.Data.Common;
using Dapper;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Keys.Stores;

/// <summary>The database that nodes share. Whoever has opened it hashes keys as the other nodes do.</summary>
internal sealed class PostgresAdminDatabase(PostgresDatabase postgres, SharedHashSecret secret) : IAdminDatabase
{
    /// <summary>Where changes are announced; see <see cref="PostgresWatcher"/>.</summary>
    public const string Channel = "llmgateway_stored";

    public string Name => "PostgreSQL";

    /// <exception cref="SecretUnusableException">The other nodes hash with another secret.</exception>
    public DbConnection Open()
    {
        NpgsqlConnection? connection = null;
        try
        {
            // Opening is bounded, rare, and never on the path of a request of a client.
            connection = postgres.OpenAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            secret.Agree(connection);
            return connection;
        }
        catch (PostgresUnavailableException error)
        {
            throw new StoreUnreachableException(error.Message, error);
        }
        catch
        {
            connection?.Dispose();
            throw;
        }
    }

    public DbTransaction BeginReading(DbConnection connection) => connection.BeginTransaction(IsolationLevel.RepeatableRead);

    public DbTransaction BeginWriting(DbConnection connection) => connection.BeginTransaction(IsolationLevel.ReadCommitted);

    public void Announce(DbTransaction transaction) => transaction.Connection!.Execute($"NOTIFY {Channel}", transaction: transaction);

    public bool IsDuplicate(DbException error) => error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    public bool IsOutage(DbException error) => PostgresUnavailableException.IsOutage(error);
}

using System.Data.Common;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// How inserting rows and closing a month keep out of each other's way. Whoever inserts holds a lock together with all others that do; whoever closes, or
/// books a correction, holds it alone for a moment. So when a close is there to be seen, every row of its month that is not marked as late is as well.
/// </summary>
internal static class LedgerCloses
{
    // "llmclos" in ASCII.
    private const long Lock = 0x6C6C6D_636C6F73;

    /// <summary>Whether a row is late, as SQL over its <c>started_at</c>; NULL where it is not.</summary>
    public const string Late = "CASE WHEN to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM') IN (SELECT period FROM ledger_periods) THEN true END";

    /// <summary>Before the statement that inserts, which sees what was closed until then.</summary>
    public static Task TakePartAsync(DbTransaction transaction, CancellationToken cancellation) =>
        ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock_shared({Lock})", cancellation);

    /// <summary>Waits until nobody inserts; who wants to waits for the end of the transaction.</summary>
    public static Task TakeAloneAsync(DbTransaction transaction, CancellationToken cancellation) =>
        ExecuteAsync(transaction, $"SELECT pg_advisory_xact_lock({Lock})", cancellation);

    private static async Task ExecuteAsync(DbTransaction transaction, string sql, CancellationToken cancellation)
    {
        await using var command = transaction.Connection!.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(cancellation);
    }
}

using Dapper;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LlmGateway.Ledger.Postgres;

/// <summary>
/// Brings references and corrections along when a gateway that had SQLite only is given PostgreSQL: the rows of corrections go over as all rows do, and without
/// these a reference could be booked for a second time there. Closes stay behind: which rows they have, only SQLite can say.
/// </summary>
internal sealed class BookingsHandover(SqliteDatabase sqlite, PostgresDatabase postgres)
{
    /// <summary>In the order in which they were booked.</summary>
    private static readonly (string Table, string[] Columns, string Order)[] Tables =
    [
        ("ledger_bookings", ["reference", "kind", "request", "answer", "booked_at", "booked_by"], "reference"),
        ("ledger_corrections",
            ["reference", "number", "kind", "operation_id", "period", "tenant", "project", "key_id", "deployment", "currency", "amount", "reason", "booked_at", "booked_by"],
            "sequence"),
    ];

    /// <exception cref="Exception">One of the databases does not answer. It may be called again at any time.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var local = sqlite.Open();
        if (local.ExecuteScalar<long>("SELECT EXISTS (SELECT 1 FROM ledger_bookings)") == 0)
        {
            return;
        }

        await using (var shared = await postgres.OpenAsync(cancellation))
        await using (var transaction = await shared.BeginTransactionAsync(cancellation))
        {
            foreach (var (table, columns, order) in Tables)
            {
                await CopyAsync(local, transaction, table, columns, order, cancellation);
            }

            await transaction.CommitAsync(cancellation);
        }

        // Killed before this they are brought again, and are there already.
        local.Execute($"BEGIN; {string.Join(" ", Tables.Select(static table => $"DELETE FROM {table.Table};"))} COMMIT");
    }

    private static async Task CopyAsync(SqliteConnection local, NpgsqlTransaction transaction, string table, string[] columns, string order, CancellationToken cancellation)
    {
        using var reader = local.ExecuteReader($"SELECT {string.Join(", ", columns)} FROM {table} ORDER BY {order}");
        await using var command = new NpgsqlCommand(
            $"INSERT INTO {table} ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select(static (_, index) => $"${index + 1}"))}) ON CONFLICT DO NOTHING",
            transaction.Connection,
            transaction);
        while (reader.Read())
        {
            command.Parameters.Clear();
            for (var index = 0; index < columns.Length; index++)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = reader.GetValue(index) });
            }

            await command.ExecuteNonQueryAsync(cancellation);
        }
    }
}

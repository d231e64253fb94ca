using LlmGateway.Ledger.Postgres;

namespace LlmGateway.Reports.Closing;

/// <summary>Statements of corrections. Lines come as one parameter, a JSON array.</summary>
internal static class CorrectionSql
{
    public const string Bookings =
        "SELECT reference AS Reference, kind AS Kind, request AS Request, answer AS Answer, booked_at AS BookedAt, booked_by AS BookedBy FROM ledger_bookings";

    public const string InsertBooking =
        "INSERT INTO ledger_bookings (reference, kind, request, answer, booked_at, booked_by) VALUES (@Reference, @Kind, @Request, @Answer, @BookedAt, @BookedBy)";

    public const string Entries =
        "SELECT sequence AS Sequence, reference AS Reference, number AS Number, kind AS Kind, operation_id AS OperationId, period AS Period, tenant AS Tenant, "
        + "project AS Project, key_id AS KeyId, deployment AS Deployment, currency AS Currency, amount AS Amount, reason AS Reason, booked_at AS BookedAt, "
        + "booked_by AS BookedBy FROM ledger_corrections";

    private const string Columns =
        "operation_id, attempt, cause, tenant, project, key_id, tags, dialect, endpoint, deployment, provider, stream, started_at, finished_at, units, "
        + "usage_source, currency, cost, price_status, cache_status, node, schema";

    private static readonly string[] Texts = ["period", "tenant", "project", "key_id", "deployment", "provider", "currency", "amount", "reason"];

    public static string InsertEntries(bool shared) =>
        $"""
        INSERT INTO ledger_corrections (reference, number, kind, operation_id, period, tenant, project, key_id, deployment, currency, amount, reason, booked_at, booked_by)
        SELECT @Reference, number, @Kind, @operation, period, tenant, project, key_id, deployment, currency, amount, reason, @at, @by
        FROM {Lines(shared)} ORDER BY number
        """;

    /// <summary>Rows of the ledger; in PostgreSQL their sums as well, which in SQLite follow by themselves.</summary>
    public static string InsertRows(bool shared)
    {
        var (id, time, no, json, amount) = shared
            ? ("@operation::uuid", "@at::timestamptz", "false", "'{}'::jsonb", "amount::numeric(38, 9)")
            : ("@operation", "@at", "0", "'{}'", "amount");
        var insert =
            $"""
            INSERT INTO ledger ({Columns})
            SELECT {id}, number, 'correction', tenant, project, key_id, {json}, 'none', 'correction', deployment, provider, {no}, {time}, {time}, units,
              'measured', currency, {amount}, 'priced', 'off', @node, 1
            FROM {Lines(shared)}
            """;
        return shared ? $"WITH inserted AS ({insert} RETURNING *) {PostgresLedgerWriter.HourlyMerge("inserted")}" : insert;
    }

    private static string Lines(bool shared) => shared
        ? $"jsonb_to_recordset(@lines::jsonb) AS line (number integer, {string.Join(", ", Texts.Select(static name => name + " text"))}, units jsonb)"
        : $"(SELECT value ->> 'number' AS number, {string.Join(", ", Texts.Select(static name => $"value ->> '{name}' AS {name}"))}, value -> 'units' AS units FROM JSON_EACH(@lines)) AS line";
}

using System.Globalization;
using Dapper;
using LlmGateway.Ledger.Postgres;

namespace LlmGateway.Reports.Closing;

/// <summary>What other nodes say of rows that are on their way.</summary>
internal sealed class OtherOutboxes(Books books)
{
    private const string Behind = "node <> @self AND (seen_at < @to OR oldest < @to)";

    /// <summary>Nodes that have or may have rows of a month: what they said after its end does not rule it out. In words.</summary>
    public async Task<IReadOnlyList<string>> BehindAsync(Period period, CancellationToken cancellation)
    {
        if (!books.Shared)
        {
            return [];
        }

        var parameters = Parameters(period);
        return await books.AskAsync<IReadOnlyList<string>>(
            async connection =>
            [
                .. (await connection.QueryAsync<(string Node, DateTime SeenAt, DateTime? Oldest)>($"SELECT node, seen_at, oldest FROM ledger_outboxes WHERE {Behind} ORDER BY node", parameters))
                    .Select(note => note.Oldest is { } oldest && oldest < period.To.UtcDateTime
                        ? $"{note.Node} has rows on their way since {Text(oldest)}"
                        : $"{note.Node} was last heard of at {Text(note.SeenAt)}"),
            ],
            cancellation);
    }

    /// <summary>Takes nodes for gone that were not heard of since a month ended. One that comes back says so.</summary>
    public Task ForgetAsync(Period period, CancellationToken cancellation)
    {
        if (!books.Shared)
        {
            return Task.CompletedTask;
        }

        var parameters = Parameters(period);
        return books.AskAsync(connection => connection.ExecuteAsync("DELETE FROM ledger_outboxes WHERE node <> @self AND seen_at < @to", parameters), cancellation);
    }

    private static string Text(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private object Parameters(Period period) => new { self = OutboxNotes.NameOf(books.Sqlite), to = period.To.UtcDateTime };
}

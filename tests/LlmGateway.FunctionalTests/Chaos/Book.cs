using Dapper;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;
using Npgsql;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>A row of the ledger, as far as these tests look at it.</summary>
internal sealed record BookedAttempt(string OperationId, long Attempt, string RequestId, string? ErrorClass, string UsageSource, long InputTokens, long OutputTokens);

/// <summary>The ledger of a cluster, wherever it is kept, and what must hold of it.</summary>
internal static class Book
{
    private const string Query = """
        SELECT CAST(operation_id AS TEXT) AS OperationId, CAST(attempt AS BIGINT) AS Attempt, request_id AS RequestId, error_class AS ErrorClass, usage_source AS UsageSource,
               CAST(coalesce(input_tokens, 0) AS BIGINT) AS InputTokens, CAST(coalesce(output_tokens, 0) AS BIGINT) AS OutputTokens
        FROM ledger
        """;

    /// <summary>Every row. The nodes have stopped, or are still.</summary>
    public static async Task<IReadOnlyList<BookedAttempt>> ReadAsync(NodeCluster cluster)
    {
        if (cluster.Postgres is { } shared)
        {
            await using var connection = new NpgsqlConnection(shared);
            if (await connection.ExecuteScalarAsync<bool>("SELECT to_regclass('ledger') IS NOT NULL")
                && (await connection.QueryAsync<BookedAttempt>(Query)).AsList() is { Count: > 0 } rows)
            {
                return rows;
            }
        }

        return [.. cluster.Nodes.SelectMany(node => ReadLocal(node.DataFolder))];
    }

    /// <summary>Nothing twice, nothing that a client has seen missing, and the same usage as clients were told.</summary>
    public static void Check(IReadOnlyCollection<BookedAttempt> rows, IReadOnlyCollection<CompletedRequest> completed)
    {
        Assert.NotEmpty(completed);
        Assert.Equal(rows.Count, rows.Select(row => (row.OperationId, row.Attempt)).Distinct().Count());
        var operations = rows.ToLookup(row => row.OperationId);
        Assert.All(completed, request =>
        {
            var attempt = Assert.Single(operations[request.OperationId.ToString("D")], row => row.ErrorClass is null);
            Assert.Equal(
                (request.RequestId, "measured", request.InputTokens, request.OutputTokens),
                (attempt.RequestId, attempt.UsageSource, attempt.InputTokens, attempt.OutputTokens));
        });

        var seen = completed.Select(request => request.OperationId.ToString("D")).ToHashSet();
        Assert.Equal(
            completed.Sum(request => request.InputTokens + request.OutputTokens),
            rows.Where(row => seen.Contains(row.OperationId)).Sum(row => row.InputTokens + row.OutputTokens));
    }

    private static IEnumerable<BookedAttempt> ReadLocal(string folder)
    {
        using var connection = new SqliteDatabase(folder).OpenForReading();
        return connection.Query<BookedAttempt>(Query).ToList();
    }
}

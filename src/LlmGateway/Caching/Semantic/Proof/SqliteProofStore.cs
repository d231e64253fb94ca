using System.Text.Json;
using Dapper;
using LlmGateway.Storage;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>Proofs in the database of the data folder.</summary>
internal sealed class SqliteProofStore(SqliteDatabase database, TimeProvider time) : IProofStore
{
    public IReadOnlyList<StoredProof> Load(string route, string epoch)
    {
        using var connection = database.Open();
        return [.. connection
            .Query<(string Partition, string State, string Tally)>(
                "SELECT partition, state, tally FROM semantic_proofs WHERE route = @route AND epoch = @epoch", new { route, epoch })
            .Select(row => new StoredProof(
                route,
                epoch,
                row.Partition.Length == 0 ? null : row.Partition,
                JsonSerializer.Deserialize(row.State, ProofJson.Default.ProofState)!,
                JsonSerializer.Deserialize(row.Tally, ProofJson.Default.ProofTallies)!))];
    }

    public void Save(IReadOnlyList<StoredProof> proofs)
    {
        if (proofs.Count == 0)
        {
            return;
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            """
            INSERT INTO semantic_proofs (route, epoch, partition, state, tally, saved_at) VALUES (@Route, @Epoch, @Partition, @State, @Tally, @now)
            ON CONFLICT (route, epoch, partition) DO UPDATE SET state = excluded.state, tally = excluded.tally, saved_at = excluded.saved_at
            """,
            proofs.Select(proof => new
            {
                proof.Route,
                proof.Epoch,
                Partition = proof.Partition ?? "",
                State = JsonSerializer.Serialize(proof.State, ProofJson.Default.ProofState),
                Tally = JsonSerializer.Serialize(proof.Tallies, ProofJson.Default.ProofTallies),
                now,
            }),
            transaction);
        transaction.Commit();
    }

    public void Forget(DateTimeOffset before)
    {
        using var connection = database.Open();
        connection.Execute("DELETE FROM semantic_proofs WHERE saved_at < @before", new { before = before.ToUnixTimeMilliseconds() });
    }
}

using System.Data.Common;
using System.Text;
using Dapper;
using LlmGateway.Catalog;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// How nodes that share a database come to hash keys with one secret. Where each has it in its environment, the database holds only a mark
/// of it, and a node with another is told. Else the first node puts its own into the database and the others take it from there: whoever
/// steals that database has hashes and secret together, as with the data folder of a single node. A key of ours has 256 random bits, which
/// no hash gives away.
/// </summary>
internal sealed class SharedHashSecret(string dataFolder, string? fromEnvironment, KeyHashing hashing, ILogger<SharedHashSecret> logger)
{
    public const string FileName = "key-hash.shared.secret";

    private const string MarkText = "llmgateway: mark of the secret that keys are hashed with";

    private readonly Lock _gate = new();
    private bool _agreed;

    private string Path => System.IO.Path.Combine(dataFolder, FileName);

    /// <summary>The secret until the nodes have agreed: of the environment, else as it was agreed on last, else of this node.</summary>
    /// <exception cref="SecretUnusableException">It is too short, or its file can be neither read nor written.</exception>
    public static Secret Initial(string dataFolder, string? fromEnvironment)
    {
        var shared = System.IO.Path.Combine(dataFolder, FileName);
        return string.IsNullOrEmpty(fromEnvironment) && File.Exists(shared)
            ? KeyHasher.Checked(SecretFile.ReadOrCreate(shared, static () => ""), shared)
            : KeyHasher.LoadSecret(dataFolder, fromEnvironment);
    }

    /// <summary>Agrees, once in the life of the process.</summary>
    /// <exception cref="SecretUnusableException">It cannot.</exception>
    public void Agree(DbConnection connection)
    {
        lock (_gate)
        {
            if (!_agreed)
            {
                Compare(connection);
                _agreed = true;
            }
        }
    }

    private void Compare(DbConnection connection)
    {
        var environment = !string.IsNullOrEmpty(fromEnvironment);
        var mine = hashing.Current.Hash(MarkText).ToArray();
        connection.Execute(
            "INSERT INTO key_hash_secret (id, mark, secret) VALUES (1, @mine, @text) ON CONFLICT (id) DO NOTHING",
            new { mine, text = environment ? null : Initial(dataFolder, fromEnvironment).Reveal() });
        var (mark, secret) = connection.QuerySingle<(byte[], string?)>("SELECT mark, secret FROM key_hash_secret WHERE id = 1");
        if (mark.AsSpan().SequenceEqual(mine))
        {
            return;
        }

        if (environment || secret is null)
        {
            throw new SecretUnusableException(
                $"{KeyHasher.EnvironmentVariable}: {(environment ? "differs from the secret that the keys in PostgreSQL are hashed with" : "is not set, but the keys in PostgreSQL are hashed with one that other nodes have in it")}: give every node the same.");
        }

        hashing.Current = new KeyHasher(KeyHasher.Checked(secret, "PostgreSQL"));
        SecretFile.Replace(Path, Encoding.UTF8.GetBytes(secret + "\n"));
        logger.HashSecretShared(Path);
    }
}

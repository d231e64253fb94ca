using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Catalog;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.LoadTests.Lookup;

/// <summary>Writes all entries of an index, with answers of 1 KB, to a data folder, and reads them into another index as a start does.</summary>
internal static class KeepingRun
{
    private const string Embedder = "builtin";
    private const int Batch = 256;
    private const int AnswerBytes = 1024;

    public static KeepingFigures Run(SemanticEntries entries, TimeProvider time)
    {
        var folder = Directory.CreateTempSubdirectory("lookup-").FullName;
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var (options, secret) = (new LastingOptions(), CacheSecret.Of(RandomNumberGenerator.GetBytes(CacheKey.Length)));
        var metrics = new LastingMetrics(services.GetRequiredService<IMeterFactory>(), new SemanticChanges(options));
        var cipher = new EntryCipher(secret);
        var answers = new AnswerSeal(cipher, new EntryStoreOptions(), options);
        try
        {
            using var file = new KeptFile(folder, metrics, time, NullLogger<KeptFile>.Instance);
            var now = time.GetUtcNow();
            var began = Stopwatch.GetTimestamp();
            foreach (var batch in entries.All.Chunk(Batch))
            {
                file.Write(
                    tables =>
                    {
                        foreach (var entry in batch)
                        {
                            var text = cipher.Seal(SealPurpose.Entry, entry.Space, entry.Id, LastingFormat.Write(entry, entries.VectorOf(entry)!, Embedder));
                            tables.Put(new KeptRow(entry.Space, entry.Id, entry.ExpiresAt, 1, text, answers.Seal(entry.Space, entry.Id, entry.Key, Answer(now)), []), now);
                        }
                    },
                    PurgeList.Empty);
            }

            var wrote = Stopwatch.GetElapsedTime(began);
            var read = new SemanticEntries(entries.Dimensions, long.MaxValue / 2);
            var local = new LocalEntries(long.MaxValue / 2, time);
            began = Stopwatch.GetTimestamp();
            file.Read(tables =>
            {
                foreach (var row in tables.Of(default, now))
                {
                    var kept = LastingFormat.Read(row.Space, cipher.Open(SealPurpose.Entry, row.Space, row.Id, row.Entry)!)!;
                    local.Keep(kept.Entry.Key, answers.Open(row.Space, row.Id, kept.Entry.Key, row.Answer)!, replace: false);
                    read.Take(kept.Entry, kept.Vector);
                }
            });
            var took = Stopwatch.GetElapsedTime(began);
            return new KeepingFigures(read.Count, wrote, took, (double)new FileInfo(file.Path).Length / read.Count);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static CacheEntry Answer(DateTimeOffset now) => new()
    {
        // Letters by chance: text of models becomes smaller than that.
        Document = System.Text.Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(AnswerBytes)),
        Tenant = "acme",
        Project = "search",
        KeyId = "key_1",
        Route = "chat",
        Deployment = "sim/small",
        ModelAnswered = "sim-small",
        StoredAt = now,
        ExpiresAt = now.AddDays(1),
        Cost = new Money(0.001m, Currency.Usd),
        RequestId = "0123456789abcdef0123456789abcdef",
        Stamp = default,
    };
}

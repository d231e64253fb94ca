using System.Diagnostics;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Catalog;
using LlmGateway.LoadTests.Models;

namespace LlmGateway.LoadTests.Lookup;

/// <summary>
/// Look-ups by meaning one after the other on one thread, as a request makes them but for the vector of its text: the text is read, an equal question is
/// looked for, the index is searched, and guards and verifier look at the nearest.
/// </summary>
internal sealed class LookupRun
{
    private const int Asked = 5_000;
    private const int WarmUp = 5_000;

    private static readonly PartitionKey Partition = new(1, 2, 3, 4);

    private readonly DateTimeOffset _now;
    private readonly SemanticRoute _route;
    private readonly (string Kept, string Asked, ReadOnlyMemory<float> Vector)[] _questions;
    private readonly double _heapOfEntry;

    public LookupRun(int entries, TimeProvider time)
    {
        var embedder = new BuiltinEmbedder();
        _now = time.GetUtcNow();
        Entries = new SemanticEntries(embedder.Dimensions, long.MaxValue / 2);
        _route = new SemanticRoute(
            new Catalog.Route { Name = "chat", Targets = [] }, new SemanticSettings { Mode = SemanticMode.Serve }, null, Entries, null, new SemanticCounts(), null);
        var questions = LookupQuestions.Take(entries);

        // What is read once for all texts counts for none.
        _ = EntryOf(questions[0].Kept, 0, _now);
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < questions.Length; i++)
        {
            Entries.Add(EntryOf(questions[i].Kept, i, _now), embedder.Embed(questions[i].Kept).Vector.Span);
        }

        // Its text is in the list above already.
        _heapOfEntry = (double)(GC.GetTotalMemory(forceFullCollection: true) - heap) / entries;
        _questions = [.. questions.Take(Asked).Select(question => (question.Kept, question.Asked, embedder.Embed(question.Asked).Vector))];
    }

    public SemanticEntries Entries { get; }

    public static SemanticEntry EntryOf(string text, int number, DateTimeOffset now) => new()
    {
        Key = CacheKey.Of("secret"u8, BitConverter.GetBytes(number)),
        Partition = Partition,
        Text = text,
        Equality = SemanticEntries.EqualityOf(TextFacts.Of(text).Equality),
        Writer = new SemanticAsker("acme", "search", "key_1", null, $"req-{number}", $"op-{number}"),
        ExpiresAt = now.AddDays(1),
        Saved = 1000,
        AnswerBytes = 1000,
    };

    public LookupFigures Run(int lookups)
    {
        var (times, worked, hits, own) = (new Latencies(), new Latencies(), 0, 0);
        for (var i = -WarmUp; i < lookups; i++)
        {
            var (kept, asked, vector) = _questions[(i + WarmUp) % _questions.Length];
            var (began, work) = (Stopwatch.GetTimestamp(), ThreadClock.Now());
            var found = LookUp(asked, vector);
            work = ThreadClock.Now() - work;
            var took = Stopwatch.GetTimestamp() - began;
            if (i >= 0)
            {
                times.Record(took);
                worked.Record(work * Stopwatch.Frequency / 1_000_000_000);
                hits += found is null ? 0 : 1;
                own += found == kept ? 1 : 0;
            }
        }

        return new LookupFigures(
            Entries.Count, worked.Percentile(50)!.Value, worked.Percentile(99)!.Value, times.Percentile(50)!.Value, times.Percentile(99)!.Value, times.Maximum()!.Value,
            (double)hits / lookups, (double)own / lookups, (double)Entries.Bytes / Entries.Count, _heapOfEntry);
    }

    private string? LookUp(string text, ReadOnlyMemory<float> vector)
    {
        var question = new SemanticQuestion(
            _route, Partition, TextFacts.Of(text), new SemanticAsker("acme", "search", "key_2", null, "req", "op"), TimeSpan.FromHours(1), ExchangeRates.None)
        { Vector = vector };
        return Entries.FindEqual(Partition, SemanticEntries.EqualityOf(question.Facts.Equality)) is { } equal
            ? equal.Text
            : CandidateJudge.Judge(question, _now, metrics: null).Hits is [var best, ..] ? best.Text : null;
    }
}

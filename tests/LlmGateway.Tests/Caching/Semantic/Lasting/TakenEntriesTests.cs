using CsCheck;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.Tests.Caching.Entries;
using LlmGateway.Tests.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

/// <summary>What an index takes that it has not learned itself.</summary>
public sealed class TakenEntriesTests
{
    private const int Bound = 1 << 20;

    private readonly SemanticChanges _changes = new(new LastingOptions());

    [Fact]
    public void An_entry_that_is_told_on_is_found_as_where_it_was_learned()
    {
        var (here, there) = (new SemanticEntries(SomeQuestion.Dimensions, Bound), new SemanticEntries(SomeQuestion.Dimensions, Bound));
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var entry = SomeQuestion.Of(i);
            here.Add(entry, Vectors.Random(random, SomeQuestion.Dimensions));
            Assert.True(there.Take(SomeQuestion.Of(i), here.VectorOf(entry)!));
        }

        for (var i = 0; i < 50; i++)
        {
            var asked = Vectors.Random(random, SomeQuestion.Dimensions);
            Assert.Equal(Search(here, asked), Search(there, asked));
        }
    }

    [Fact]
    public void Whatever_order_nodes_hear_in_they_come_to_the_same() =>
        Gen.Select(Gen.Select(Gen.Int[0, 12], Gen.Int[0, 3], Gen.Int[1, 4]).Array[1, 12], Gen.Int[0, int.MaxValue]).Sample((learned, seed) =>
        {
            // A question has one text and one end, wherever it was learned.
            var all = learned.DistinctBy(item => item.Item1).ToArray();
            var first = new SemanticEntries(SomeQuestion.Dimensions, Bound);
            var second = new SemanticEntries(SomeQuestion.Dimensions, Bound);
            Hear(first, all);
            var shuffled = all.ToArray();
            new Random(seed).Shuffle(shuffled);
            Hear(second, [.. shuffled, .. all]);
            Assert.Equal(Ids(first), Ids(second));
            Assert.Equal(all.Select(item => item.Item2).Distinct().Count(), first.Count);
        });

    [Fact]
    public void What_was_said_to_be_wrong_here_is_not_taken_from_who_has_not_heard_it_yet()
    {
        var entries = new SemanticEntries(SomeQuestion.Dimensions, Bound, _changes);
        Assert.True(entries.Take(SomeQuestion.Of(1), SomeQuestion.Vector(1)));
        Assert.True(entries.Forget("acme", "req-1"));
        Assert.False(entries.Take(SomeQuestion.Of(1), SomeQuestion.Vector(1)));
        Assert.Equal(0, entries.Count);
    }

    [Fact]
    public void What_is_taken_is_told_to_nobody_and_what_is_learned_is()
    {
        var entries = new SemanticEntries(SomeQuestion.Dimensions, Bound, _changes);
        entries.Take(SomeQuestion.Of(1), SomeQuestion.Vector(1));
        Assert.Empty(_changes.Take(10));
        entries.Add(SomeQuestion.Of(2), Vectors.Random(new Random(2), SomeQuestion.Dimensions));
        Assert.Equal((SomeQuestion.Of(2).Id, ChangeKind.Add), Assert.Single(_changes.Take(10)) is var change ? (change.Entry.Id, change.Kind) : default);
    }

    [Fact]
    public void A_confirmation_is_told_once_and_taken_over()
    {
        var entries = new SemanticEntries(SomeQuestion.Dimensions, Bound, _changes);
        var entry = SomeQuestion.Of(1);
        entries.Take(entry, SomeQuestion.Vector(1));
        entries.Confirm(entry);
        entries.Confirm(entry);
        Assert.Equal(ChangeKind.Confirm, Assert.Single(_changes.Take(10)).Kind);

        var other = new SemanticEntries(SomeQuestion.Dimensions, Bound);
        var (unconfirmed, confirmed) = (SomeQuestion.Of(1), SomeQuestion.Of(1));
        confirmed.Confirm();
        other.Take(unconfirmed, SomeQuestion.Vector(1));
        other.Take(confirmed, SomeQuestion.Vector(1));
        Assert.True(other.Find(unconfirmed.Id)!.IsConfirmed);
    }

    [Fact]
    public void A_vector_of_other_dimensions_is_refused()
    {
        var entries = new SemanticEntries(SomeQuestion.Dimensions + 8, Bound);
        Assert.Throws<ArgumentException>(() => entries.Take(SomeQuestion.Of(1), SomeQuestion.Vector(1)));
    }

    private static void Hear(SemanticEntries entries, IEnumerable<(int Number, int Text, int Seconds)> told)
    {
        foreach (var (number, text, seconds) in told)
        {
            entries.Take(SomeQuestion.Of(number, $"text {text}", seconds), SomeQuestion.Vector(number));
        }
    }

    private static IEnumerable<ulong> Ids(SemanticEntries entries) => entries.All.Select(entry => entry.Id.First).Order();

    private static (string, float)[] Search(SemanticEntries entries, float[] asked)
    {
        var found = new (SemanticEntry Entry, float Cosine)[5];
        var count = entries.Search(SomeQuestion.Partition, asked, found, SomeEntry.Now);
        return [.. found[..count].Select(match => (match.Entry.Text, match.Cosine))];
    }
}

using CsCheck;
using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Lasting;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

public sealed class SemanticChangesTests
{
    private readonly SemanticChanges _changes = new(new LastingOptions { MostChanges = 3 });
    private readonly SemanticEntries _entries = new(SomeQuestion.Dimensions, 1 << 20);

    [Fact]
    public void Of_what_was_learned_and_went_before_anybody_heard_nothing_is_told()
    {
        var entry = SomeQuestion.Of(1);
        Tell(entry, ChangeKind.Add);
        Tell(entry, ChangeKind.Evict);
        Assert.Empty(_changes.Take(10));
    }

    [Fact]
    public void That_it_was_wrong_is_told_where_it_may_have_been_heard_of()
    {
        var entry = SomeQuestion.Of(1);
        Tell(entry, ChangeKind.Add);
        Assert.Equal(ChangeKind.Add, Assert.Single(_changes.Take(10)).Kind);

        // On its way now; nobody knows whether it arrives.
        Tell(entry, ChangeKind.Remove);
        Tell(entry, ChangeKind.Gone);
        Assert.True(_changes.IsRemoved(entry));
        Assert.Equal(ChangeKind.Remove, Assert.Single(_changes.Take(10)).Kind);
    }

    [Fact]
    public void What_is_learned_while_too_many_wait_is_not_kept_but_removals_are_told_first()
    {
        for (var i = 0; i < 5; i++)
        {
            Tell(SomeQuestion.Of(i), ChangeKind.Add);
        }

        var kept = SomeQuestion.Of(9);
        kept.Kept();
        Tell(kept, ChangeKind.Remove);
        Assert.Equal((4, 2L), (_changes.Count, _changes.Dropped));
        Assert.Equal([ChangeKind.Remove, ChangeKind.Add], _changes.Take(2).Select(change => change.Kind));
        Assert.Equal(2, _changes.Take(10).Count);
    }

    [Fact]
    public void What_could_not_be_told_waits_unless_there_is_something_newer()
    {
        var (one, two) = (SomeQuestion.Of(1), SomeQuestion.Of(2));
        Tell(one, ChangeKind.Add);
        Tell(two, ChangeKind.Add);
        var taken = _changes.Take(10);
        Tell(one, ChangeKind.Remove);
        _changes.Return(taken);
        Assert.Equal(
            [(one.Id, ChangeKind.Remove), (two.Id, ChangeKind.Add)], _changes.Take(10).Select(change => (change.Entry.Id, change.Kind)));
    }

    [Fact]
    public void The_last_is_what_counts() =>
        Gen.Enum<ChangeKind>().Array[1, 20].Sample(kinds =>
        {
            var changes = new SemanticChanges(new LastingOptions());
            var entry = SomeQuestion.Of(1);
            entry.Kept();
            foreach (var kind in kinds)
            {
                changes.Tell(_entries, entry, kind);
            }

            // Of those since it was learned anew, the one that says most; that it is wrong is never taken back by less.
            var since = kinds.Skip(Math.Max(0, Array.LastIndexOf(kinds, ChangeKind.Add))).ToArray();
            var goes = since.Where(kind => kind >= ChangeKind.Gone).ToArray();
            Assert.Equal(goes.Length > 0 ? goes.Max() : since[0], Assert.Single(changes.Take(10)).Kind);
        });

    private void Tell(SemanticEntry entry, ChangeKind kind) => _changes.Tell(_entries, entry, kind);
}

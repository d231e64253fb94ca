using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Tests.Caching.Semantic;

public sealed class AnsweredIdsTests
{
    [Fact]
    public void The_latest_are_remembered_by_either_id_and_the_oldest_forgotten()
    {
        var ids = new AnsweredIds(most: 4);
        foreach (var number in Enumerable.Range(1, 3))
        {
            ids.Add(Asker($"req-{number}", $"op-{number}"), new EntryId(0, (ulong)number));
        }

        Assert.False(ids.TryFind("acme", "req-1", out _));
        Assert.True(ids.TryFind("acme", "req-2", out var second));
        Assert.True(ids.TryFind("acme", "op-3", out var third));
        Assert.Equal((2ul, 3ul), (second.Second, third.Second));
        Assert.False(ids.TryFind("globex", "op-3", out _));
    }

    [Fact]
    public void An_id_that_is_used_again_means_the_latest_and_takes_no_more_room()
    {
        var ids = new AnsweredIds(most: 2);
        for (var i = 0; i < 10; i++)
        {
            ids.Add(Asker("same", "same"), new EntryId(0, (ulong)i));
        }

        ids.Add(Asker("other", "other"), default);
        Assert.True(ids.TryFind("acme", "same", out var found));
        Assert.Equal(9ul, found.Second);
    }

    private static SemanticAsker Asker(string requestId, string operationId) => new("acme", "search", "key_1", null, requestId, operationId);
}

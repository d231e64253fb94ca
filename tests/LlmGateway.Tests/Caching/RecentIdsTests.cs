using LlmGateway.Caching;

namespace LlmGateway.Tests.Caching;

public sealed class RecentIdsTests
{
    [Fact]
    public void The_latest_are_remembered_by_either_id_and_the_oldest_forgotten()
    {
        var ids = new RecentIds<int>(most: 4);
        foreach (var number in Enumerable.Range(1, 3))
        {
            ids.Add("acme", $"req-{number}", $"op-{number}", number);
        }

        Assert.False(ids.TryFind("acme", "req-1", out _));
        Assert.True(ids.TryFind("acme", "req-2", out var second));
        Assert.True(ids.TryFind("acme", "op-3", out var third));
        Assert.Equal((2, 3), (second, third));
        Assert.False(ids.TryFind("globex", "op-3", out _));
    }

    [Fact]
    public void An_id_that_is_used_again_means_the_latest_and_takes_no_more_room()
    {
        var ids = new RecentIds<int>(most: 2);
        for (var i = 0; i < 10; i++)
        {
            ids.Add("acme", "same", "same", i);
        }

        ids.Add("acme", "other", "other", 0);
        Assert.True(ids.TryFind("acme", "same", out var found));
        Assert.Equal(9, found);
    }
}

using CsCheck;
using LlmGateway.LoadTests.Day;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class VendorModelTests
{
    private static readonly Vendor Small = new("v/small", FirstToken: 1, PerToken: 0.02, Knee: 2, Concurrent: 5, RequestsPerMinute: 12, TokensPerMinute: 4000);

    private static readonly Gen<(int Gap, int Input, int Output)[]> Asks =
        Gen.Select(Gen.Int[0, 8000], Gen.Int[1, 1500], Gen.Int[1, 400]).Array[1, 80];

    [Fact]
    public void A_vendor_grants_no_more_than_its_quota_in_any_minute() => Gen.Select(Asks, Gen.Int[2, 12]).Sample((asks, requests) =>
    {
        var granted = Play(asks, Small with { RequestsPerMinute = requests }).Where(ask => ask.Reply.Kind is ReplyKind.Answered).ToArray();
        foreach (var last in granted)
        {
            var inMinute = granted.Where(ask => ask.At <= last.At && ask.At > last.At - TimeSpan.TicksPerMinute).ToArray();
            var open = granted.Count(ask => ask.At <= last.At && ask.At + ask.Reply.Whole.Ticks > last.At);
            Assert.InRange(inMinute.Length, 1, requests);
            Assert.InRange(inMinute.Sum(ask => ask.Input), 1, Small.TokensPerMinute);
            Assert.InRange(open, 1, Small.Concurrent);
        }
    });

    [Fact]
    public void Who_waits_as_long_as_it_was_told_is_granted()
    {
        var time = new VirtualTime(DayWorld.Midnight);
        var vendor = new VendorModel(Small, 1, time);
        var replies = new List<Reply>();
        for (var i = 0; i < 13; i++)
        {
            time.After(TimeSpan.FromSeconds(4 * i), () => AskAndEnd(0));
        }

        time.Run();
        Assert.Equal([.. Enumerable.Repeat(ReplyKind.Answered, 12), ReplyKind.RateLimited], replies.Select(reply => reply.Kind));

        // The first was granted at 0 s, the 13th asks at 48 s.
        Assert.Equal(12, replies[^1].RetryAfter.TotalSeconds);
        time.After(replies[^1].RetryAfter - (time.GetUtcNow() - DayWorld.Midnight - TimeSpan.FromSeconds(48)), () => AskAndEnd(1));
        time.Run();
        Assert.Equal(ReplyKind.Answered, replies[^1].Kind);

        void AskAndEnd(int attempt)
        {
            var reply = vendor.Ask(replies.Count, attempt, new Arrival(0, 10, 1, true, 1));
            replies.Add(reply);
            if (reply.Kind is ReplyKind.Answered)
            {
                vendor.Ended(1);
            }
        }
    }

    [Fact]
    public void Beyond_its_knee_it_is_slower()
    {
        var vendor = new VendorModel(Small with { TokensPerMinute = 100_000 }, 1, new VirtualTime(DayWorld.Midnight));
        var alone = vendor.Ask(7, 1, new Arrival(0, 10, 100, true, 1)).Whole;
        vendor.Ended(100);
        for (var i = 0; i < 3; i++)
        {
            vendor.Ask(i, 1, new Arrival(0, 10, 100, true, 1));
        }

        // The same request meets the same luck: with four in flight in the place of two it takes half as long again.
        Assert.Equal(1.5, vendor.Ask(7, 1, new Arrival(0, 10, 100, true, 1)).Whole / alone, 4);
    }

    [Fact]
    public void While_it_is_down_it_refuses()
    {
        var time = new VirtualTime(DayWorld.Midnight);
        var vendor = new VendorModel(Small with { Down = new DayPart(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)) }, 1, time);
        var kinds = new List<ReplyKind>();
        foreach (var second in new[] { 59, 60, 119, 120 })
        {
            time.After(TimeSpan.FromSeconds(second), () => kinds.Add(vendor.Ask(second, 1, new Arrival(0, 10, 1, true, 1)).Kind));
        }

        time.Run();
        Assert.Equal([ReplyKind.Answered, ReplyKind.Refused, ReplyKind.Refused, ReplyKind.Answered], kinds);
    }

    private static List<(long At, int Input, Reply Reply)> Play((int Gap, int Input, int Output)[] asks, Vendor of)
    {
        var time = new VirtualTime(DayWorld.Midnight);
        var vendor = new VendorModel(of, 1, time);
        var replies = new List<(long, int, Reply)>();
        var at = 0;
        for (var i = 0; i < asks.Length; i++)
        {
            var (number, (gap, input, output)) = (i, asks[i]);
            at += gap;
            time.After(TimeSpan.FromMilliseconds(at), () =>
            {
                var reply = vendor.Ask(number, 1, new Arrival(0, input, output, true, 1));
                replies.Add((time.GetTimestamp(), input, reply));
                if (reply.Kind is ReplyKind.Answered)
                {
                    time.After(reply.Whole, () => vendor.Ended(output));
                }
            });
        }

        time.Run();
        return replies;
    }
}

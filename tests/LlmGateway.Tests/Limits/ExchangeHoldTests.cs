using LlmGateway.Limits;

namespace LlmGateway.Tests.Limits;

/// <summary>What attempts take of a hold, one after the other and beside one another.</summary>
public sealed class ExchangeHoldTests
{
    private readonly Reservation _reservation = new(Guid.NewGuid(), "t",
    [
        new ReservationLine { Account = Of(Measure.Tokens), Held = 100 },
        new ReservationLine { Account = Of(Measure.Requests), Held = 1 },
    ]);

    private readonly ExchangeHold _hold;

    public ExchangeHoldTests() => _hold = new ExchangeHold(_reservation, new Demand(40, 60));

    [Fact]
    public void A_second_attempt_is_covered_where_the_first_came_to_nothing()
    {
        Assert.True(_hold.TryOpen([100, 0]));
        _hold.Close([100, 0], []);
        Assert.True(_hold.TryOpen([100, 0]));
    }

    [Fact]
    public void A_second_attempt_is_short_of_what_the_first_has_used()
    {
        Assert.True(_hold.TryOpen([100, 0]));
        _hold.Close([100, 0], [30, 0]);
        Assert.False(_hold.TryOpen([100, 0]));
        Assert.True(_hold.OpenBeyond([100, 0]));
        Assert.Equal((30, 0), (_reservation.Lines[0].More, _reservation.Lines[1].More));
    }

    [Fact]
    public void Beside_an_attempt_there_is_room_for_another_only_beyond_the_hold()
    {
        Assert.True(_hold.TryOpen([100, 0]));
        Assert.False(_hold.TryOpen([80, 0]));
        Assert.True(_hold.OpenBeyond([80, 0]));
        Assert.Equal(80, _reservation.Lines[0].More);
    }

    [Fact]
    public void What_a_lost_race_ends_is_not_over_while_another_attempt_follows()
    {
        Assert.True(_hold.TryOpen([50, 0]));
        Assert.True(_hold.TryOpen([50, 0]));
        _hold.Close([50, 0], [5, 0]);
        _hold.End();
        Assert.False(_hold.TryFinish());

        // The winner's stream dies, and a third goes on with it before anybody says that it is over.
        Assert.True(_hold.TryOpen([40, 0]));
        _hold.Close([50, 0], [7, 0]);
        Assert.False(_hold.TryFinish());
        _hold.Close([40, 0], [9, 0]);
        Assert.False(_hold.TryFinish());
        _hold.End();
        Assert.True(_hold.TryFinish());
        Assert.Equal((21, 1), (_reservation.Lines[0].Actual, _reservation.Lines[1].Actual));
    }

    [Fact]
    public void It_is_over_once_and_then_nothing_more_is_taken_of_it()
    {
        _hold.End();
        Assert.True(_hold.TryFinish());
        Assert.False(_hold.TryFinish());
        Assert.False(_hold.TryOpen([1, 0]));
        Assert.False(_hold.OpenBeyond([1, 0]));
    }

    private static Account Of(Measure measure) => new()
    {
        Tenant = "t",
        Name = measure.ToString(),
        Level = AccountLevel.Key,
        Kind = AccountKind.Window,
        Measure = measure,
        Limit = 1000,
        Window = TimeSpan.FromMinutes(1),
    };
}

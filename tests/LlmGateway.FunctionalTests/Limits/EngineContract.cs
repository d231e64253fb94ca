using LlmGateway.Limits;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>What holds for limits and budgets, whatever keeps them.</summary>
public abstract class EngineContract : IAsyncLifetime
{
    private protected OneTenant Configuration { get; } = new();

    private protected string Tenant => Configuration.Name;

    /// <summary>One, or several that keep the same accounts.</summary>
    private protected IReservationEngine[] Engines { get; private set; } = [];

    private protected IReservationEngine Engine => Engines[0];

    private protected abstract FakeLedger Ledger { get; }

    public async Task InitializeAsync() => Engines = await StartAsync();

    public abstract Task DisposeAsync();

    private protected abstract Task<IReservationEngine[]> StartAsync();

    /// <summary>All that was settled is taken.</summary>
    private protected abstract Task SettledAsync();

    /// <summary>So much time passes.</summary>
    private protected abstract Task PassAsync(TimeSpan time);

    [Fact]
    public async Task What_is_held_is_given_back_and_what_it_came_to_stays()
    {
        var month = Accounts.Month(Tenant, 100);
        var reservation = Accounts.Of(month, 40);
        Assert.Null(await Engine.ReserveAsync(reservation));
        Assert.True(reservation.IsHeld);
        Assert.Equal(40, reservation.Lines[0].Used);
        Assert.Equal(new AccountFigures(0, 40, IsDegraded: false), await Engine.ReadAsync(month));
        Engine.Settle(reservation, 15);
        await SettledAsync();
        Assert.Equal(new AccountFigures(15, 0, IsDegraded: false), await Engine.ReadAsync(month));
    }

    [Fact]
    public async Task A_reservation_is_held_in_every_account_or_in_none()
    {
        var (wide, narrow, window) = (Accounts.Month(Tenant, 100), Accounts.Month(Tenant, 10, "narrow"), Accounts.Window(Tenant, 100, TimeSpan.FromMinutes(1)));
        var refusal = await Engine.ReserveAsync(Accounts.Of((wide, 11), (window, 11), (narrow, 11)));
        Assert.NotNull(refusal);
        Assert.Equal(2, refusal.Line);
        Assert.True(refusal.Never);
        foreach (var account in new[] { wide, narrow, window })
        {
            Assert.Equal(0, (await Engine.ReadAsync(account)).Held);
        }
    }

    [Fact]
    public async Task The_whole_limit_can_be_taken_and_not_one_more()
    {
        var month = Accounts.Month(Tenant, 100);
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(month, 99)));
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(month, 2)));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(month, 1)));
        var refusal = await Engine.ReserveAsync(Accounts.Of(month, 1));
        Assert.False(refusal!.Never);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromDays(31));
    }

    [Fact]
    public async Task An_account_that_does_not_stop_counts_beyond_its_limit()
    {
        var month = Accounts.Month(Tenant, 10, stops: false);
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(month, 25)));
        Assert.Equal(25, (await Engine.ReadAsync(month)).Held);
    }

    [Fact]
    public async Task A_settlement_beyond_the_hold_counts()
    {
        var month = Accounts.Month(Tenant, 100);
        var reservation = Accounts.Of(month, 10);
        await Engine.ReserveAsync(reservation);
        Engine.Settle(reservation, 130);
        await SettledAsync();
        Assert.Equal(new AccountFigures(130, 0, IsDegraded: false), await Engine.ReadAsync(month));
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(month, 1)));
    }

    [Fact]
    public async Task A_reservation_is_settled_once()
    {
        var month = Accounts.Month(Tenant, 100);
        var reservation = Accounts.Of(month, 10);
        await Engine.ReserveAsync(reservation);
        Engine.Settle(reservation, 7);
        Engine.Settle(reservation, 7);
        await SettledAsync();
        Assert.Equal(new AccountFigures(7, 0, IsDegraded: false), await Engine.ReadAsync(month));
    }

    [Fact]
    public async Task An_extension_is_held_too_or_not_at_all()
    {
        var (month, slots) = (Accounts.Month(Tenant, 100), Accounts.Slots(Tenant, 1));
        var reservation = Accounts.Of((month, 60), (slots, 1));
        Assert.Null(await Engine.ReserveAsync(reservation));
        Assert.NotNull(await Engine.ExtendAsync(reservation, 41, 0));
        Assert.Equal(60, reservation.Lines[0].Held);
        Assert.Null(await Engine.ExtendAsync(reservation, 40, 0));
        Assert.Equal((100, 0), (reservation.Lines[0].Held, reservation.Lines[0].More));
        Assert.Equal(100, (await Engine.ReadAsync(month)).Held);
        Engine.Settle(reservation, 80, 0);
        await SettledAsync();
        Assert.Equal(new AccountFigures(80, 0, IsDegraded: false), await Engine.ReadAsync(month));
        Assert.Equal(new AccountFigures(0, 0, IsDegraded: false), await Engine.ReadAsync(slots));
    }

    [Fact]
    public async Task Slots_come_back()
    {
        var slots = Accounts.Slots(Tenant, 2);
        var first = Accounts.Of(slots, 1);
        Assert.Null(await Engine.ReserveAsync(first));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(slots, 1)));
        var refusal = await Engine.ReserveAsync(Accounts.Of(slots, 1));
        Assert.Null(refusal!.RetryAfter);
        Engine.Settle(first, 0);
        await SettledAsync();
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(slots, 1)));
    }

    [Fact]
    public async Task A_period_begins_with_what_the_ledger_has_of_it()
    {
        Ledger.Tokens = 70;
        var month = Accounts.Month(Tenant, 100);
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(month, 31)));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(month, 30)));
        Assert.Equal(new AccountFigures(70, 30, IsDegraded: false), await Engine.ReadAsync(month));
    }

    [Fact]
    public async Task A_day_begins_with_what_the_ledger_has_of_it()
    {
        Ledger.Tokens = 70;
        var day = Accounts.Window(Tenant, 100, TimeSpan.FromDays(1));
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(day, 31)));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(day, 30)));
        Assert.Equal(new AccountFigures(70, 30, IsDegraded: false), await Engine.ReadAsync(day));
    }

    [Fact]
    public async Task A_larger_limit_holds_at_once_and_forgets_nothing()
    {
        var window = TimeSpan.FromMinutes(1);
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(Accounts.Window(Tenant, 1, window, Measure.Requests), 1)));
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(Accounts.Window(Tenant, 1, window, Measure.Requests), 1)));
        var larger = Accounts.Window(Tenant, 2, window, Measure.Requests);
        Assert.Null(Engine.KnownFull(larger, 1));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(larger, 1)));
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(larger, 1)));
    }

    [Fact]
    public async Task A_window_that_is_full_is_known_to_be()
    {
        var minute = Accounts.Window(Tenant, 2, TimeSpan.FromMinutes(1), Measure.Requests);
        Assert.Null(Engine.KnownFull(minute, 1));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(minute, 2)));
        var refusal = await Engine.ReserveAsync(Accounts.Of(minute, 1));
        var known = Engine.KnownFull(minute, 1);
        Assert.NotNull(known);
        Assert.InRange(known.RetryAfter!.Value, TimeSpan.FromTicks(1), refusal!.RetryAfter!.Value);
    }

    [Fact]
    public async Task A_window_slides_and_who_waits_as_told_gets_in()
    {
        // Of an engine that goes by a real clock the machine may stand still between two steps.
        var window = Accounts.Window(Tenant, 10, TimeSpan.FromSeconds(5));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(window, 6)));
        await PassAsync(TimeSpan.FromMilliseconds(1500));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(window, 4)));
        var soon = await Engine.ReserveAsync(Accounts.Of(window, 6));
        var later = await Engine.ReserveAsync(Accounts.Of(window, 10));
        Assert.True(later!.RetryAfter > soon!.RetryAfter, $"{later} comes before {soon}");
        Assert.InRange(soon.RetryAfter!.Value, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(4));
        await PassAsync(soon.RetryAfter.Value);
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(window, 6)));
    }

    [Fact]
    public async Task What_leaves_a_window_while_it_is_under_way_counts_no_more()
    {
        var window = Accounts.Window(Tenant, 10, TimeSpan.FromSeconds(4));
        var long_ = Accounts.Of(window, 10);
        Assert.Null(await Engine.ReserveAsync(long_));
        await PassAsync(TimeSpan.FromSeconds(4.8));
        Assert.Null(await Engine.ReserveAsync(Accounts.Of(window, 10)));
        Engine.Settle(long_, 3);
        await SettledAsync();
        Assert.NotNull(await Engine.ReserveAsync(Accounts.Of(window, 1)));
    }

    [Fact]
    public async Task The_figures_of_a_window_say_when_it_is_empty()
    {
        var window = Accounts.Window(Tenant, 10, TimeSpan.FromSeconds(1));
        var reservation = Accounts.Of(window, 4);
        await Engine.ReserveAsync(reservation);
        Assert.Equal(4, reservation.Lines[0].Used);
        Assert.InRange(reservation.Lines[0].Reset, TimeSpan.FromMilliseconds(900), TimeSpan.FromMilliseconds(1020));
        await PassAsync(reservation.Lines[0].Reset);
        var next = Accounts.Of(window, 1);
        await Engine.ReserveAsync(next);
        Assert.Equal(1, next.Lines[0].Used);
    }
}

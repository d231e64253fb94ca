using LlmGateway.Catalog;
using LlmGateway.Limits;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Accounts and reservations of a test.</summary>
internal static class Accounts
{
    public static Account Month(string tenant, long limit, string name = "month", bool stops = true) => new()
    {
        Tenant = tenant,
        Name = name,
        Level = AccountLevel.Tenant,
        Kind = AccountKind.Period,
        Measure = Measure.Tokens,
        Limit = limit,
        Stops = stops,
        Calendar = new PeriodCalendar(BudgetPeriod.Month, TimeZoneInfo.Utc),
    };

    public static Account Window(string tenant, long limit, TimeSpan window, Measure measure = Measure.Tokens) => new()
    {
        Tenant = tenant,
        Name = $"window-{measure}",
        Level = AccountLevel.Tenant,
        Kind = AccountKind.Window,
        Measure = measure,
        Limit = limit,
        Window = window,
    };

    public static Account Slots(string tenant, long limit) => new()
    {
        Tenant = tenant,
        Name = "slots",
        Level = AccountLevel.Tenant,
        Kind = AccountKind.Slots,
        Measure = Measure.Concurrent,
        Limit = limit,
    };

    public static Reservation Of(Account account, long amount) => Of((account, amount));

    public static Reservation Of(params (Account Account, long Amount)[] lines) =>
        new(Guid.CreateVersion7(), lines[0].Account.Tenant, [.. lines.Select(line => new ReservationLine { Account = line.Account, Held = line.Amount })]);

    /// <summary>Ends it with these figures.</summary>
    public static void Settle(this IReservationEngine engine, Reservation reservation, params long[] actual)
    {
        for (var i = 0; i < reservation.Lines.Length; i++)
        {
            reservation.Lines[i].Actual = actual[i];
        }

        engine.Settle(reservation);
    }

    public static ValueTask<ReservationRefusal?> ExtendAsync(this IReservationEngine engine, Reservation reservation, params long[] more)
    {
        for (var i = 0; i < more.Length; i++)
        {
            reservation.Lines[i].More = more[i];
        }

        return engine.ExtendAsync(reservation);
    }

    public static async Task<AccountFigures> ReadAsync(this IReservationEngine engine, Account account) =>
        (await engine.ReadAsync([account], CancellationToken.None))[0];
}

using CsCheck;
using LlmGateway.Limits;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>What holds whatever is done, in one order or at once.</summary>
public abstract class EngineProperties : EngineContract
{
    private const long Month = 100;
    private const long Day = 120;
    private const long Slots = 4;

    private static readonly Gen<(int Kind, int Which, long Amount, long Actual)[]> Steps =
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 50], Gen.Long[0, 45], Gen.Long[0, 50]).Array[1, 40];

    private static int Names;

    [Fact]
    public Task In_order_it_is_what_a_sum_on_paper_is() => Steps.SampleAsync(FollowAsync, iter: 60, threads: 1);

    [Fact]
    public async Task At_once_as_many_get_in_as_fit_and_no_more()
    {
        var month = Accounts.Month(Tenant, 100);
        var minute = Accounts.Window(Tenant, 1000, TimeSpan.FromMinutes(1), Measure.Requests);
        var answers = await Task.WhenAll(Enumerable.Range(0, 120).Select(i => Task.Run(async () =>
        {
            var mine = Accounts.Of((month, 3), (minute, 1));
            return (Engine: Engines[i % Engines.Length], Mine: mine, Refusal: await Engines[i % Engines.Length].ReserveAsync(mine));
        })));
        Assert.Equal(33, answers.Count(answer => answer.Refusal is null));
        Assert.Equal(99, (await Engine.ReadAsync(month)).Held);
        Assert.Equal(33, (await Engine.ReadAsync(minute)).Held);
        foreach (var (engine, mine, _) in answers.Where(answer => answer.Refusal is null))
        {
            engine.Settle(mine, 2, 1);
        }

        await SettledAsync();
        Assert.Equal(new AccountFigures(66, 0, IsDegraded: false), await Engine.ReadAsync(month));
        Assert.Equal(new AccountFigures(33, 0, IsDegraded: false), await Engine.ReadAsync(minute));
    }

    [Fact]
    public Task Whatever_is_done_at_once_the_limit_holds_and_the_sums_are_right() =>
        Steps.Array[2, 8].SampleAsync(RaceAsync, iter: 15, threads: 1);

    private async Task FollowAsync((int Kind, int Which, long Amount, long Actual)[] steps)
    {
        var name = Interlocked.Increment(ref Names);
        Account[] accounts =
        [
            Accounts.Month(Tenant, Month, $"month-{name}"),
            new()
            {
                Tenant = Tenant, Name = $"day-{name}", Level = AccountLevel.Key, Kind = AccountKind.Window, Measure = Measure.Tokens, Limit = Day,
                Window = TimeSpan.FromDays(1),
            },
            new() { Tenant = Tenant, Name = $"slots-{name}", Level = AccountLevel.Key, Kind = AccountKind.Slots, Measure = Measure.Concurrent, Limit = Slots },
        ];
        long[] spent = [0, 0, 0], held = [0, 0, 0];
        var open = new List<Reservation>();
        foreach (var (kind, which, amount, actual) in steps)
        {
            var engine = Engines[which % Engines.Length];
            if (kind == 0 || open.Count == 0)
            {
                var mine = Accounts.Of((accounts[0], amount), (accounts[1], amount / 2), (accounts[2], 1));
                var fits = spent[0] + held[0] + amount <= Month && spent[1] + held[1] + (amount / 2) <= Day && held[2] + 1 <= Slots;
                Assert.Equal(fits, await engine.ReserveAsync(mine) is null);
                if (fits)
                {
                    open.Add(mine);
                    Hold(amount, amount / 2, 1);
                }
            }
            else if (kind == 1)
            {
                var fits = (amount == 0 || spent[0] + held[0] + amount <= Month) && (amount / 3 == 0 || spent[1] + held[1] + (amount / 3) <= Day);
                Assert.Equal(fits, await engine.ExtendAsync(open[which % open.Count], amount, amount / 3, 0) is null);
                if (fits)
                {
                    Hold(amount, amount / 3, 0);
                }
            }
            else
            {
                var mine = open[which % open.Count];
                open.Remove(mine);
                Hold(-mine.Lines[0].Held, -mine.Lines[1].Held, -mine.Lines[2].Held);
                spent[0] += actual;
                spent[1] += actual / 2;
                engine.Settle(mine, actual, actual / 2, 0);
                await SettledAsync();
            }

            var figures = await engine.ReadAsync(accounts, CancellationToken.None);
            Assert.Equal(spent, figures.Select(figure => figure.Spent));
            Assert.Equal(held, figures.Select(figure => figure.Held));
        }

        // What is left of this run is in nobody's way.
        foreach (var mine in open)
        {
            Engine.Settle(mine, 0, 0, 0);
        }

        await SettledAsync();

        void Hold(long month, long day, long slots)
        {
            held[0] += month;
            held[1] += day;
            held[2] += slots;
        }
    }

    private async Task RaceAsync((int Kind, int Which, long Amount, long Actual)[][] threads)
    {
        var month = Accounts.Month(Tenant, Month, $"race-{Interlocked.Increment(ref Names)}");
        var total = 0L;
        var over = 0;
        await Task.WhenAll(threads.Select((steps, thread) => Task.Run(async () =>
        {
            var engine = Engines[thread % Engines.Length];
            var open = new Queue<Reservation>();
            foreach (var (kind, _, amount, actual) in steps)
            {
                if (kind == 0 || open.Count == 0)
                {
                    var mine = Accounts.Of(month, amount);
                    if (await engine.ReserveAsync(mine) is null)
                    {
                        open.Enqueue(mine);
                        over += mine.Lines[0].Used > Month ? 1 : 0;
                    }
                }
                else if (kind == 1)
                {
                    await engine.ExtendAsync(open.Peek(), amount);
                    open.Peek().Lines[0].More = 0;
                }
                else
                {
                    Settle(engine, open.Dequeue(), actual);
                }
            }

            foreach (var mine in open)
            {
                Settle(engine, mine, long.MaxValue);
            }
        })));
        await SettledAsync();
        Assert.Equal(0, over);
        Assert.InRange(total, 0, Month);
        Assert.Equal(new AccountFigures(total, 0, IsDegraded: false), await Engine.ReadAsync(month));

        void Settle(IReservationEngine engine, Reservation mine, long actual)
        {
            // An honest exchange comes to no more than it holds.
            actual = Math.Min(actual, mine.Lines[0].Held);
            Interlocked.Add(ref total, actual);
            engine.Settle(mine, actual);
        }
    }
}

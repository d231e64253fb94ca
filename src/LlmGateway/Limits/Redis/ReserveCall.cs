using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>How Redis answers to a reservation; the numbers are those of the script.</summary>
internal enum ReserveStatus
{
    /// <summary>There was no answer.</summary>
    None = int.MinValue,

    /// <summary>There is nothing to extend.</summary>
    Missing = -4,

    /// <summary>It was settled or released.</summary>
    Gone = -3,

    /// <summary>By the server's clock a period is over.</summary>
    OtherPeriod = -2,

    /// <summary>Accounts are to be looked up in the ledger first.</summary>
    Unknown = -1,
    Refused = 0,
    Held = 1,
}

/// <summary>What is asked of Redis.</summary>
internal enum ReserveKind
{
    Reserve,
    Extend,

    /// <summary>Holds what is spent anyhow, whatever the limits say.</summary>
    Force,
}

/// <summary>The answer of Redis.</summary>
/// <param name="Refusal">Where it is refused.</param>
/// <param name="LeasesEnded">It was refused, but there is something to be given back.</param>
/// <param name="Text">The whole of it.</param>
internal readonly record struct ReserveReply(ReserveStatus Status, ReservationRefusal? Refusal, bool LeasesEnded, string? Text);

/// <summary>One call of the script that reserves.</summary>
internal sealed class ReserveCall(RedisAccounts accounts, LimitOptions options)
{
    /// <param name="at">Decides which period is meant.</param>
    public ScriptCall Write(RedisHold hold, ReserveKind kind, DateTimeOffset at)
    {
        var lines = hold.Reservation.Lines;
        var keys = new RedisKey[lines.Length + 2];
        keys[0] = RedisNames.Leases(hold.Tenant);
        keys[1] = hold.Key;
        var into = ArgumentWriter.Begin();
        into.Add(hold.Id);
        into.Add((long)options.Lease.TotalMilliseconds);
        into.Add((long)(options.Lease + options.Memory).TotalMilliseconds);
        into.Add(kind is ReserveKind.Extend ? "extend" : "reserve");
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref lines[i];
            var account = accounts.Of(line.Account);
            into.Add(account.Kind);
            into.Add(kind is ReserveKind.Extend ? line.More : line.Held);
            if (line.Account.Stops && kind is not ReserveKind.Force)
            {
                into.Add(line.Account.Limit);
            }
            else
            {
                into.Add();
            }

            keys[i + 2] = account.Key(WriteTime(into, account, line, kind, at));
            into.Add(line.Account.IsKept ? 1 : 0);
        }

        return new ScriptCall(keys, into.ToArray());
    }

    /// <summary>Understands the answer, and writes into the lines what it tells of the accounts.</summary>
    public ReserveReply Read(RedisHold hold, string? text)
    {
        if (text is null)
        {
            return new ReserveReply(ReserveStatus.None, null, false, null);
        }

        var tokens = new Tokens(text);
        var status = (ReserveStatus)tokens.Next();
        ReservationRefusal? refusal = null;
        var leasesEnded = false;
        if (status is ReserveStatus.Refused)
        {
            var line = (int)tokens.Next();
            var wait = tokens.Next();
            var never = tokens.Next() == 1;
            leasesEnded = tokens.Next() == 1;
            refusal = new ReservationRefusal(line, wait < 0 ? null : TimeSpan.FromMicroseconds(wait), never);
        }

        if (status is ReserveStatus.Refused or ReserveStatus.Held)
        {
            foreach (ref var line in hold.Reservation.Lines.AsSpan())
            {
                var place = tokens.Next();
                line.Place = status is ReserveStatus.Held ? place : line.Place;
                line.Used = tokens.Next();
                var spent = tokens.Next();
                line.Reset = TimeSpan.FromMicroseconds(tokens.Next());
                if (status is ReserveStatus.Held)
                {
                    accounts.Of(line.Account).Saw(place, spent, line.Used);
                }
            }
        }

        return new ReserveReply(status, refusal, leasesEnded, text);
    }

    /// <summary>The time of the server, where it said that a period is over.</summary>
    public static DateTimeOffset ServerTime(ReserveReply reply)
    {
        var tokens = new Tokens(reply.Text);
        tokens.Next();
        return DateTimeOffset.FromUnixTimeMilliseconds(tokens.Next());
    }

    /// <summary>The numbers of the accounts that Redis does not know.</summary>
    public static List<int> Unknown(ReserveReply reply)
    {
        var tokens = new Tokens(reply.Text);
        tokens.Next();
        var lines = new List<int>();
        while (!tokens.IsEmpty)
        {
            lines.Add((int)tokens.Next());
        }

        return lines;
    }

    /// <summary>How long an account counts; the start of its period where it has one.</summary>
    private static long WriteTime(ArgumentWriter into, RedisAccount account, in ReservationLine line, ReserveKind kind, DateTimeOffset at)
    {
        switch (line.Account.Kind)
        {
            case AccountKind.Window:
                into.Add(account.Width);
                into.Add(line.Account.Buckets);
                return 0;
            case AccountKind.Period:
                var period = line.Account.Calendar!.At(kind is ReserveKind.Extend ? DateTimeOffset.FromUnixTimeMilliseconds(line.Place) : at);
                var start = period.Start.ToUnixTimeMilliseconds();
                into.Add(start);
                if (period.End == DateTimeOffset.MaxValue)
                {
                    into.Add();
                }
                else
                {
                    into.Add(period.End.ToUnixTimeMilliseconds());
                }

                return start;
            default:
                into.Add(0);
                into.Add(0);
                return 0;
        }
    }
}

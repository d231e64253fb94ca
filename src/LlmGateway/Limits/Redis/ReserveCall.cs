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
    private const int Header = 4;
    private const int PerLine = 6;

    /// <param name="at">Decides which period is meant.</param>
    public (RedisKey[] Keys, RedisValue[] Arguments) Write(RedisHold hold, ReserveKind kind, DateTimeOffset at)
    {
        var lines = hold.Reservation.Lines;
        var keys = new RedisKey[lines.Length + 2];
        var arguments = new RedisValue[Header + (lines.Length * PerLine)];
        keys[0] = RedisNames.Leases(hold.Tenant);
        keys[1] = hold.Key;
        arguments[0] = hold.Id;
        arguments[1] = (long)options.Lease.TotalMilliseconds;
        arguments[2] = (long)(options.Lease + options.Memory).TotalMilliseconds;
        arguments[3] = kind is ReserveKind.Extend ? "extend" : "reserve";
        for (var i = 0; i < lines.Length; i++)
        {
            ref readonly var line = ref lines[i];
            var account = accounts.Of(line.Account);
            var into = arguments.AsSpan(Header + (i * PerLine), PerLine);
            into[0] = account.Kind;
            into[1] = kind is ReserveKind.Extend ? line.More : line.Held;
            into[2] = line.Account.Stops && kind is not ReserveKind.Force ? line.Account.Limit : RedisValue.EmptyString;
            var place = 0L;
            switch (line.Account.Kind)
            {
                case AccountKind.Window:
                    (into[3], into[4]) = (account.Width, line.Account.Buckets);
                    break;
                case AccountKind.Period:
                    var period = line.Account.Calendar!.At(kind is ReserveKind.Extend ? DateTimeOffset.FromUnixTimeMilliseconds(line.Place) : at);
                    place = period.Start.ToUnixTimeMilliseconds();
                    (into[3], into[4]) = (place, End(period));
                    break;
                default:
                    (into[3], into[4]) = (0, 0);
                    break;
            }

            into[5] = line.Account.IsKept ? 1 : 0;
            keys[i + 2] = account.Key(place);
        }

        return (keys, arguments);
    }

    /// <summary>Understands the answer, and writes into the lines what it tells of the accounts.</summary>
    public ReserveReply Read(RedisHold hold, RedisResult? result)
    {
        if (result is null)
        {
            return new ReserveReply(ReserveStatus.None, null, false, null);
        }

        var text = (string?)result;
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

    private static RedisValue End(Period period) =>
        period.End == DateTimeOffset.MaxValue ? RedisValue.EmptyString : period.End.ToUnixTimeMilliseconds();
}

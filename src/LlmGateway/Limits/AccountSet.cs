namespace LlmGateway.Limits;

/// <summary>The accounts that the requests of one key to one route are counted in.</summary>
internal sealed class AccountSet
{
    public static readonly AccountSet Empty = new([]);

    private readonly bool _tagged;

    public AccountSet(Account[] accounts)
    {
        All = accounts;
        _tagged = accounts.Any(account => account.Budget?.Tag is not null);

        // What no route is named for is known before the body is read, and so is what a request is there.
        AtTheDoor = [.. accounts.Where(account => account is { Route: null, Stops: true, Measure: Measure.Requests or Measure.Concurrent })];
        BoundsOutput = accounts.Any(account => account is { Stops: true, Measure: Measure.Tokens or Measure.OutputTokens or Measure.Money });
        TokenLimit = accounts.Where(account => account is { Stops: true, Measure: Measure.Tokens }).Select(account => account.Limit).DefaultIfEmpty(long.MaxValue).Min();
        OutputLimit = accounts.Where(account => account is { Stops: true, Measure: Measure.OutputTokens }).Select(account => account.Limit).DefaultIfEmpty(long.MaxValue).Min();
    }

    public Account[] All { get; }

    /// <summary>Those that can turn a request away before its body is read.</summary>
    public Account[] AtTheDoor { get; }

    /// <summary>Some of them can only be kept to where the output has a bound.</summary>
    public bool BoundsOutput { get; }

    /// <summary>The least that any of them allows of input and output together.</summary>
    public long TokenLimit { get; }

    /// <summary>The least that any of them allows of output.</summary>
    public long OutputLimit { get; }

    public bool IsEmpty => All.Length == 0;

    /// <summary>Those that count a request with these tags, a JSON object.</summary>
    public Account[] Of(ReadOnlySpan<byte> tags)
    {
        if (!_tagged)
        {
            return All;
        }

        var matching = new List<Account>(All.Length);
        foreach (var account in All)
        {
            if (account.Budget?.Tag is not { } tag || TagMatch.IsIn(tag, tags))
            {
                matching.Add(account);
            }
        }

        return [.. matching];
    }
}

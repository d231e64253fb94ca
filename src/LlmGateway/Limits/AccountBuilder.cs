using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>Makes the accounts of one scope from what it is allowed.</summary>
internal sealed class AccountBuilder(string tenant, string? project, string? keyId)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly AccountLevel _level = keyId is not null ? AccountLevel.Key : project is not null ? AccountLevel.Project : AccountLevel.Tenant;
    private readonly string _scope = keyId is not null ? $"key/{keyId}" : project is not null ? $"project/{project}" : "tenant";

    /// <param name="route">The route that is asked for, by its name; null for none, and then only what counts every route.</param>
    public IEnumerable<Account> Build(Allowance allowance, string? route)
    {
        foreach (var account in Limits(allowance.Limits, null))
        {
            yield return account;
        }

        if (route is not null && allowance.RouteLimits.TryGetValue(route, out var limits))
        {
            foreach (var account in Limits(limits, route))
            {
                yield return account;
            }
        }

        foreach (var budget in allowance.Budgets)
        {
            yield return Build(budget);
        }
    }

    /// <summary>The account of a budget. Its name holds all that decides what is counted, and not the amount.</summary>
    public Account Build(Budget budget)
    {
        var tag = budget.Tag is { } only ? $":{only}" : "";
        var account = new Account
        {
            Tenant = tenant,
            Project = project,
            KeyId = keyId,
            Level = _level,
            Name = $"{_scope}/budget/{budget.Name}/{(budget.Rolling ? "rolling-" : "")}{budget.Period.ToString().ToLowerInvariant()}:{budget.TimeZone.Id}:{budget.Amount.Currency}{tag}",
            Kind = budget.Rolling ? AccountKind.Window : AccountKind.Period,
            Measure = Measure.Money,
            Limit = Nanos.Of(budget.Amount.Amount),
            Stops = budget.Stop,
            Window = budget.Rolling ? Length(budget.Period) : default,
            Calendar = budget.Rolling ? null : new PeriodCalendar(budget.Period, budget.TimeZone),
            Budget = budget,
        };
        return account;
    }

    private static TimeSpan Length(BudgetPeriod period) => period switch
    {
        BudgetPeriod.Day => Day,
        BudgetPeriod.Week => 7 * Day,
        BudgetPeriod.Month => 30 * Day,
        BudgetPeriod.Quarter => 91 * Day,
        _ => 365 * Day,
    };

    private IEnumerable<Account> Limits(CallerLimits? limits, string? route)
    {
        if (limits is null)
        {
            yield break;
        }

        (Measure Measure, TimeSpan Window, long? Limit)[] all =
        [
            (Measure.Requests, Minute, limits.RequestsPerMinute),
            (Measure.Requests, Day, limits.RequestsPerDay),
            (Measure.InputTokens, Minute, limits.InputTokensPerMinute),
            (Measure.OutputTokens, Minute, limits.OutputTokensPerMinute),
            (Measure.Tokens, Minute, limits.TokensPerMinute),
            (Measure.Tokens, Day, limits.TokensPerDay),
            (Measure.Concurrent, TimeSpan.Zero, limits.Concurrent),
        ];
        foreach (var (measure, window, limit) in all)
        {
            if (limit is { } most)
            {
                var time = window == Minute ? "/minute" : window == Day ? "/day" : "";
                yield return new Account
                {
                    Tenant = tenant,
                    Project = project,
                    KeyId = keyId,
                    Route = route,
                    Level = _level,
                    Name = $"{_scope}{(route is null ? "" : $"/route/{route}")}/{measure.ToString().ToLowerInvariant()}{time}",
                    Kind = measure is Measure.Concurrent ? AccountKind.Slots : AccountKind.Window,
                    Measure = measure,
                    Limit = most,
                    Window = window,
                };
            }
        }
    }
}

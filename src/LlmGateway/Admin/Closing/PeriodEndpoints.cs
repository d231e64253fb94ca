using LlmGateway.Reports.Closing;

namespace LlmGateway.Admin.Closing;

/// <summary><c>GET periods</c>, <c>GET periods/{period}</c>, <c>POST periods/{period}/close</c>.</summary>
internal static class PeriodEndpoints
{
    public static async Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "limit", "cursor");
        var limit = query.Number("limit", otherwise: 12, minimum: 1, maximum: 120);
        var before = (Period?)null;
        if (query.Text("cursor") is { } cursor)
        {
            before = Period.TryParse(cursor, out var last) ? last : null;
            if (before is null)
            {
                query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
            }
        }

        if (query.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var services = http.RequestServices;
        var store = services.GetRequiredService<PeriodStore>();
        var closed = (await store.AllAsync(http.RequestAborted)).ToDictionary(static one => one.Period);
        var now = Period.Of(services.GetRequiredService<TimeProvider>().GetUtcNow());
        var first = await store.FirstAsync(http.RequestAborted) ?? now;
        var months = Months(first, now).Union(closed.Keys).Where(month => before is null || month.From < before.Value.From)
            .OrderByDescending(static month => month.From).Take(limit + 1).ToList();
        var page = new List<PeriodView>();
        foreach (var month in months.Take(limit))
        {
            page.Add(closed.TryGetValue(month, out var one)
                ? PeriodView.Of(one, check: null)
                : PeriodView.Open(month, await services.GetRequiredService<PeriodCount>().SumsAsync(month, http.RequestAborted)));
        }

        var more = months.Count > limit;
        await AdminResponse.WriteAsync(http, 200, new PeriodPage(page, more, more ? page[^1].Period : null), ClosingViews.Default.PeriodPage);
    }

    public static async Task GetAsync(HttpContext http)
    {
        if (await PeriodOfAsync(http) is not { } period)
        {
            return;
        }

        var services = http.RequestServices;
        var closed = await services.GetRequiredService<PeriodStore>().FindAsync(period, http.RequestAborted);
        var view = closed switch
        {
            null => PeriodView.Open(period, await services.GetRequiredService<PeriodCount>().SumsAsync(period, http.RequestAborted)),
            { IsComplete: true } => PeriodView.Of(closed, await services.GetRequiredService<PeriodClosing>().CheckAsync(closed, http.RequestAborted)),
            _ => PeriodView.Of(closed, check: null),
        };
        await AdminResponse.WriteAsync(http, 200, view, ClosingViews.Default.PeriodView);
    }

    public static async Task CloseAsync(HttpContext http)
    {
        if (await PeriodOfAsync(http) is not { } period)
        {
            return;
        }

        var body = await AdminBody.ReadAsync(http, optional: true, "force");
        var force = body.Flag("force") ?? false;
        if (body.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var audit = ClosingEndpoints.Audit(now, "period.close", period.ToString(), force ? """{"force":true}""" : """{"force":false}""");
        var result = await http.RequestServices.GetRequiredService<PeriodClosing>().CloseAsync(period, force, ClosingEndpoints.Actor, audit, http.RequestAborted);
        await (result.Closed is { } closed
            ? AdminResponse.WriteAsync(http, 200, PeriodView.Of(closed, check: null), ClosingViews.Default.PeriodView)
            : AdminResponse.WriteAsync(http, AdminErrors.Conflict(result.Code!, result.Problem!)));
    }

    private static async Task<Period?> PeriodOfAsync(HttpContext http)
    {
        if (Period.TryParse((string?)http.Request.RouteValues["period"], out var period))
        {
            return period;
        }

        await AdminResponse.WriteAsync(http, AdminErrors.Invalid("period", "A period is a month of UTC, such as '2026-11'."));
        return null;
    }

    private static IEnumerable<Period> Months(Period first, Period last)
    {
        for (var month = first; month.From <= last.From; month = Period.Of(month.To))
        {
            yield return month;
        }
    }
}

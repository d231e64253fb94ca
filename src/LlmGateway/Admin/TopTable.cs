using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace LlmGateway.Admin;

/// <summary>Two readings of a node as tables: rates between them, and what is now.</summary>
internal static class TopTable
{
    /// <param name="before">The reading before.</param>
    /// <param name="now">The last one.</param>
    public static IRenderable Of(LiveView before, LiveView now)
    {
        var seconds = Math.Max(0.001, (now.At - before.At).TotalSeconds);
        return new Rows(Head(before, now, seconds), Routes(before, now, seconds), Deployments(before, now, seconds), Spend(before, now, seconds));
    }

    private static Markup Head(LiveView before, LiveView now, double seconds)
    {
        var away = now.Dependencies.Where(static one => !one.Value).Select(static one => one.Key).ToArray();
        var overhead = now.Overhead.Since(before.Overhead).Quantile(0.99);
        return new Markup(string.Create(
            CultureInfo.InvariantCulture,
            $"[bold]{Markup.Escape(now.Node)}[/] {now.At:HH:mm:ss}Z  up {Span(now.At - now.StartedAt)}  cpu {(now.CpuSeconds - before.CpuSeconds) / seconds * 100:0} %  memory {now.MemoryBytes >> 20} MB  added p99 {Time(overhead)}  ledger queue {now.LedgerQueue}{(away.Length > 0 ? $"  [red]away: {Markup.Escape(string.Join(", ", away))}[/]" : "")}{(now.ConfigRefused ? "  [red]configuration on disk refused[/]" : "")}"));
    }

    private static Table Routes(LiveView before, LiveView now, double seconds)
    {
        var table = New("route", "requests/s", "spoilt", "refused", "from caches", "in flight", "first token p50", "p95", "deployments");
        foreach (var route in now.Routes)
        {
            var then = before.Routes.FirstOrDefault(one => one.Name == route.Name) ?? route with { Requests = 0, Spoilt = 0, Refused = 0, CacheAnswers = 0, FirstToken = LiveHistogram.Empty };
            var requests = route.Requests - then.Requests;
            var first = route.FirstToken.Since(then.FirstToken);
            table.AddRow(
                Markup.Escape(route.Name), Rate(requests, seconds), Share(route.Spoilt - then.Spoilt, requests, alarming: true), Share(route.Refused - then.Refused, requests),
                Share(route.CacheAnswers - then.CacheAnswers, requests), Number(route.InFlight), Time(first.Quantile(0.5)), Time(first.Quantile(0.95)),
                route.Usable == 0 ? $"[red]0 of {route.Deployments}[/]" : $"{route.Usable} of {route.Deployments}");
        }

        return table;
    }

    private static Table Deployments(LiveView before, LiveView now, double seconds)
    {
        var table = New("deployment", "state", "attempts/s", "failed", "in flight", "headroom", "first token p50", "p95");
        foreach (var deployment in now.Deployments)
        {
            var then = before.Deployments.FirstOrDefault(one => one.Name == deployment.Name) ?? deployment with { Attempts = 0, Failures = 0, FirstToken = LiveHistogram.Empty };
            var attempts = deployment.Attempts - then.Attempts;
            var first = deployment.FirstToken.Since(then.FirstToken);
            table.AddRow(
                Markup.Escape(deployment.Name), deployment.State == "closed" ? "closed" : $"[red]{deployment.State}[/]", Rate(attempts, seconds),
                Share(deployment.Failures - then.Failures, attempts, alarming: true), Number(deployment.InFlight),
                string.Create(CultureInfo.InvariantCulture, $"{deployment.Headroom * 100:0} %"), Time(first.Quantile(0.5)), Time(first.Quantile(0.95)));
        }

        return table;
    }

    private static Table Spend(LiveView before, LiveView now, double seconds)
    {
        var table = New("tenant", "spent since start", "an hour at this pace");
        foreach (var spend in now.Spend)
        {
            var then = before.Spend.FirstOrDefault(one => one.Tenant == spend.Tenant && one.Currency == spend.Currency)?.Amount ?? 0;
            table.AddRow(
                Markup.Escape(spend.Tenant), string.Create(CultureInfo.InvariantCulture, $"{spend.Amount:0.000000} {spend.Currency}"),
                string.Create(CultureInfo.InvariantCulture, $"{(spend.Amount - then) / seconds * 3600:0.00} {spend.Currency}"));
        }

        return table;
    }

    private static Table New(string name, params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(name);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        return table;
    }

    private static string Rate(long count, double seconds) => string.Create(CultureInfo.InvariantCulture, $"{count / seconds:0.0}");

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Share(long part, long whole, bool alarming = false)
    {
        if (whole <= 0 || part <= 0)
        {
            return "-";
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / whole:0.0} %");
        return alarming ? $"[red]{text}[/]" : text;
    }

    private static string Time(double? seconds) => seconds switch
    {
        null => "-",
        < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0.00} ms"),
        < 1 => string.Create(CultureInfo.InvariantCulture, $"{seconds * 1000:0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
    };

    private static string Span(TimeSpan span) => span.TotalDays >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} d {span.Hours} h")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h {span.Minutes} min");
}

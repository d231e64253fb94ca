using System.Globalization;
using Spectre.Console;

namespace LlmGateway.Admin;

/// <summary>Decisions and exchanges for a terminal.</summary>
internal static class ExplainTable
{
    public static void Write(IAnsiConsole console, DecisionView decision)
    {
        if (decision.Request is { } request)
        {
            console.WriteLine(
                $"{decision.Route} by {decision.Policy ?? "nothing"} at {Time(decision.At)}: {request.Endpoint}{(request.Stream ? " as a stream" : "")}, "
                + $"{Number(request.InputTokens)} input tokens estimated, {Number(request.ExpectedOutputTokens)} of output expected"
                + (request.Needs.Count > 0 ? $", needs {string.Join(", ", request.Needs)}" : ""));
        }

        if (decision.KeyStatus is { } status and not "active")
        {
            console.WriteLine($"the key is {status}: a request with it is refused before anything is decided. With a good one:");
        }

        WriteVerdicts(console, decision.Deployments);
        foreach (var fallback in decision.Fallbacks)
        {
            console.WriteLine($"fallback {fallback.Route} by {fallback.Policy}:");
            WriteVerdicts(console, fallback.Deployments);
        }

        for (var i = 0; i < decision.Plan.Count; i++)
        {
            console.WriteLine($"{i + 1}. {Step(decision.Plan[i])}");
        }

        if (decision.Refusal is { } refusal)
        {
            console.WriteLine($"refused with {refusal.Status} {refusal.Code}{(refusal.Message is { } message ? $": {message}" : "")}");
        }
    }

    public static void Write(IAnsiConsole console, ExchangeView exchange)
    {
        console.WriteLine(
            $"{exchange.RequestId ?? exchange.OperationId} of {exchange.Tenant ?? "-"}/{exchange.Project ?? "-"} with key {exchange.KeyName ?? exchange.KeyId ?? "-"} "
            + $"asked for {exchange.Model ?? "-"} at {Time(exchange.StartedAt)}"
            + (exchange.Status is { } status ? $": {status}{(exchange.Error is { } error ? $" {error}" : "")} after {Milliseconds(exchange.DurationMs)}, of which ours {Milliseconds(exchange.OverheadMs)}" : ""));
        if (exchange.Decision is { } decision)
        {
            Write(console, decision);
        }

        if (exchange.Note is { } note)
        {
            console.WriteLine(note);
        }

        if (exchange.Attempts.Count > 0)
        {
            WriteAttempts(console, exchange);
        }
    }

    private static void WriteVerdicts(IAnsiConsole console, IReadOnlyList<VerdictView> verdicts)
    {
        var table = Table(["#", "deployment", "cost", "cached", "latency", "headroom", "in flight", "score", "bonus", "breaker", "credential", "why not"], firstFigure: 2, lastFigure: 8);
        foreach (var verdict in verdicts.OrderBy(verdict => verdict.Rank ?? int.MaxValue))
        {
            table.AddRow(
                new Text(verdict.Rank is { } rank ? Number(rank) : "-"), new Text(verdict.Deployment), new Text(Money(verdict.ExpectedCost)),
                new Text(Number(verdict.CachedTokens)), new Text(Milliseconds(verdict.PredictedLatencyMs)),
                new Text(verdict.Headroom is { } share ? share.ToString("P0", CultureInfo.InvariantCulture) : "-"),
                new Text(Number(verdict.InFlight)), new Text(Score(verdict)), new Text(Bonus(verdict)),
                new Text(verdict.Breaker ?? "-"), new Text(verdict.Credential ?? "-"),
                new Text(verdict.ExcludedBy is { } filter ? $"{filter}: {verdict.Reason}{(verdict.Soft ? " (asked where nobody else is left)" : "")}" : ""));
        }

        console.Write(table);
        WriteParts(console, [.. verdicts.Where(verdict => verdict.ScoreParts is not null).OrderBy(verdict => verdict.Rank)]);
    }

    /// <summary>Each term as its value times its weight, for a policy that adds them up.</summary>
    private static void WriteParts(IAnsiConsole console, IReadOnlyList<VerdictView> verdicts)
    {
        if (verdicts.Count == 0)
        {
            return;
        }

        // An explored one has a term more than the others.
        string[] names = [.. verdicts.SelectMany(verdict => verdict.ScoreParts!).Select(part => part.Name).Distinct()];
        var table = Table(["score of", .. names, "sum"], firstFigure: 1, lastFigure: names.Length + 1);
        foreach (var verdict in verdicts)
        {
            table.AddRow([
                new Text(verdict.Deployment),
                .. names.Select(name => new Text(Part(verdict.ScoreParts!.FirstOrDefault(part => part.Name == name)))),
                new Text(Figure(verdict.Score))]);
        }

        console.Write(table);
    }

    private static void WriteAttempts(IAnsiConsole console, ExchangeView exchange)
    {
        var table = Table(["#", "deployment", "cause", "credential", "status", "outcome", "after", "first event", "took", "input", "output", "cost", "detail"], firstFigure: 6, lastFigure: 11);
        foreach (var attempt in exchange.Attempts)
        {
            table.AddRow(
                new Text(Number(attempt.Attempt)), new Text(attempt.Deployment ?? "-"), new Text(attempt.Cause), new Text(attempt.Credential ?? "-"),
                new Text(attempt.Status is { } status ? status.ToString(CultureInfo.InvariantCulture) : "-"), new Text(attempt.ErrorClass ?? attempt.Outcome ?? "-"),
                new Text(Between(exchange.StartedAt, attempt.StartedAt)), new Text(Between(attempt.StartedAt, attempt.FirstEventAt)),
                new Text(Between(attempt.StartedAt, attempt.FinishedAt)), new Text(Number(attempt.Usage?.InputTokens)), new Text(Number(attempt.Usage?.OutputTokens)),
                new Text(attempt.Cost is null ? attempt.PriceStatus : Money(attempt.Cost)), new Text(attempt.Detail ?? ""));
        }

        console.Write(table);
    }

    private static Table Table(string[] columns, int firstFigure, int lastFigure)
    {
        var table = new Table().Border(TableBorder.Rounded);
        for (var i = 0; i < columns.Length; i++)
        {
            var column = new TableColumn(columns[i]);
            table.AddColumn(i >= firstFigure && i <= lastFigure ? column.RightAligned() : column);
        }

        return table;
    }

    private static string Step(StepView step) =>
        step.Deployment
        + (step.NotBefore is { } time ? $", not before {Time(time)}" : "")
        + (step.LastResort ? ", as a last resort" : "")
        + (step.Warning is { } warning ? $": {warning}" : "");

    private static string Score(VerdictView verdict) => verdict.Score is null
        ? "-"
        : (verdict.ScoreUnit is "money"
            ? $"{verdict.Score.Value.ToString("0.#########", CultureInfo.InvariantCulture)} {verdict.ExpectedCost?.Currency}"
            : $"{Figure(verdict.Score)} {verdict.ScoreUnit?.Replace('_', ' ')}")
        + (verdict.Explored ? ", explored" : "");

    private static string Bonus(VerdictView verdict) => Figure(verdict.Bonus) + (verdict.BonusMoney is { } money ? $", {Money(money)}" : "");

    private static string Part(ScorePartView? part) =>
        part is null ? "" : $"{Figure(part.Value)} × {Figure(part.Weight)} = {Figure(part.Contribution)}{(part.Assumed ? ", assumed" : "")}";

    private static string Money(MoneyView? money) => money is null ? "-" : $"{money.Amount} {money.Currency}";

    private static string Number(long? value) => value?.ToString("N0", CultureInfo.InvariantCulture) ?? "-";

    private static string Figure(double? value) => value?.ToString("0.######", CultureInfo.InvariantCulture) ?? "-";

    private static string Milliseconds(double? value) => value is { } known ? $"{known.ToString("0.#", CultureInfo.InvariantCulture)} ms" : "-";

    private static string Between(DateTime from, DateTime? to) => to is { } end ? Milliseconds((end - from).TotalMilliseconds) : "-";

    private static string Time(DateTime time) => time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

using LlmGateway.Gateway;
using LlmGateway.Upstream;

namespace LlmGateway.LoadTests.Day;

/// <summary>Counts what a day came to.</summary>
internal sealed class DayTally(IReadOnlyList<Vendor> vendors)
{
    private readonly List<double> _whole = [];
    private readonly List<double> _first = [];
    private readonly int[] _answers = new int[vendors.Count];
    private decimal _cost;
    private int _failures;
    private int _failuresInOutage;
    private int _attempts;
    private int _limited;
    private int _refused;

    /// <summary>The client got an error.</summary>
    /// <param name="duringOutage">It came while a vendor was down.</param>
    public void Failed(bool duringOutage)
    {
        _failures++;
        _failuresInOutage += duringOutage ? 1 : 0;
    }

    public void Attempted(ReplyKind reply)
    {
        _attempts++;
        _limited += reply is ReplyKind.RateLimited ? 1 : 0;
        _refused += reply is ReplyKind.Refused ? 1 : 0;
    }

    public void Answered(Exchange exchange, Attempt attempt, DateTimeOffset now, bool stream)
    {
        var cost = attempt.Cost ?? throw new InvalidOperationException($"{attempt.Deployment.Name} has no price.");
        _cost += cost.Amount * exchange.Snapshot.Rates.ToBase(cost.Currency, attempt.StartedAt)!.Value;
        _whole.Add((now - exchange.StartedAt).TotalSeconds);
        for (var i = 0; i < vendors.Count; i++)
        {
            _answers[i] += vendors[i].Deployment == attempt.Deployment.Name ? 1 : 0;
        }

        if (stream)
        {
            _first.Add((attempt.FirstEventAt!.Value - exchange.StartedAt).TotalSeconds);
        }
    }

    public DayFigures Figures(string policy) => new(
        policy, _whole.Count + _failures, _failures, _failuresInOutage, _cost, Percentile(_whole, 0.5), Percentile(_whole, 0.95), Percentile(_first, 0.95), _attempts, _limited, _refused)
    {
        Shares = string.Join(" / ", _answers.Select(count => (100.0 * count / Math.Max(1, _whole.Count)).ToString("0", null))),
    };

    private static double Percentile(List<double> values, double share)
    {
        values.Sort();
        return values.Count == 0 ? 0 : values[Math.Min(values.Count - 1, (int)(share * values.Count))];
    }
}

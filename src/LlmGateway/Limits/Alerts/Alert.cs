using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Limits.Alerts;

/// <summary>Something that happened to a budget and is worth telling.</summary>
/// <param name="Type">One of <see cref="AlertTypes"/>.</param>
/// <param name="Period">It is told once in it.</param>
internal sealed record Alert(string Type, WatchedBudget Watched, AlertPeriod Period, DateTimeOffset At, AccountFigures Figures)
{
    /// <summary>A request was refused by the budget.</summary>
    public bool Refused { get; init; }

    /// <summary>Null for what is no anomaly.</summary>
    public SpendAnomaly? Anomaly { get; init; }

    /// <summary>When the budget runs out and begins anew; null where nobody can tell.</summary>
    public BudgetFigures? Forecast { get; init; }

    /// <summary>
    /// The id of what a webhook is told: the same on every node and after every restart, so that each can see that it was told. The amount is
    /// in it, since a budget that was raised has another share and another end.
    /// </summary>
    public string IdFor(Webhook webhook)
    {
        var text = $"{Type}\n{Watched.Scope.Tenant}\n{Watched.Account.Name}\n{Watched.Account.Limit}\n{Period.Name}\n{webhook.Url.AbsoluteUri}";
        return "msg_" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}

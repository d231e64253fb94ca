using System.Globalization;
using System.Text.RegularExpressions;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Reports.Closing;

namespace LlmGateway.Admin.Closing;

/// <summary>What <c>POST corrections</c> was sent.</summary>
/// <param name="Text">The same for the same correction.</param>
internal sealed partial record CorrectionRequest(string Reference, CorrectionLine Line, string Text)
{
    public const int LongestReference = 128;

    private const int LongestText = 500;
    private const decimal Most = 9_000_000_000m;

    public static readonly string[] Members = ["tenant", "project", "key_id", "deployment", "amount", "currency", "period", "reason", "reference"];

    /// <summary>Null where something is wrong; the body says what.</summary>
    public static CorrectionRequest? Read(AdminBody body, Snapshot snapshot, DateTimeOffset now)
    {
        var (reference, reason) = (OneLine(body, "reference", LongestReference), OneLine(body, "reason", LongestText));
        var (tenant, project) = (OneLine(body, "tenant", LongestText), OneLine(body, "project", LongestText));
        var key = body.Has("key_id") ? OneLine(body, "key_id", LongestText) : null;
        var deployment = body.Has("deployment") ? OneLine(body, "deployment", LongestText) : null;
        var amount = Amount(body);
        var currency = body.RequiredText("currency");
        if (!CurrencyCode().IsMatch(currency))
        {
            body.Fail("currency", "'currency' must be an ISO 4217 code in capitals, such as 'USD'.");
        }

        if (!Period.TryParse(body.RequiredText("period"), out var period) || period.From > now)
        {
            body.Fail("period", "'period' must be the month that is corrected, such as '2026-10', and have begun.");
        }

        if (body.Problem is not null)
        {
            return null;
        }

        var line = new CorrectionLine(period, tenant, project, key, deployment, ProviderOf(deployment, snapshot), new Money(amount, new Currency(currency)), reason);
        return new CorrectionRequest(
            reference, line, string.Join('\n', period, tenant, project, key ?? "", deployment ?? "", line.Amount.AmountText, currency, reason));
    }

    /// <summary>A text on one line, which is required.</summary>
    public static string OneLine(AdminBody body, string name, int longest)
    {
        var text = body.RequiredText(name);
        if (text.Length == 0 || text.Length > longest || text.Any(char.IsControl))
        {
            body.Fail(name, $"'{name}' must be 1 to {longest} characters on one line.");
        }

        return text;
    }

    private static decimal Amount(AdminBody body)
    {
        var text = body.RequiredText("amount");
        if (!SignedDecimal().IsMatch(text) || !decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) || amount == 0 || Math.Abs(amount) > Most)
        {
            body.Fail("amount", "'amount' must be a decimal as text, other than 0, with at most nine decimals, such as '-12.50': below 0 it gives back.");
            return 0;
        }

        return amount;
    }

    private static string? ProviderOf(string? deployment, Snapshot snapshot) => deployment is null
        ? null
        : snapshot.Deployments.GetValueOrDefault(deployment)?.Provider.Name ?? (deployment.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? deployment[..end] : null);

    [GeneratedRegex("^-?[0-9]{1,10}([.][0-9]{1,9})?$", RegexOptions.CultureInvariant)]
    private static partial Regex SignedDecimal();

    [GeneratedRegex("^[A-Z]{3}$", RegexOptions.CultureInvariant)]
    private static partial Regex CurrencyCode();
}

using System.Globalization;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>Tells how far two sides are apart, and why that is likely so.</summary>
/// <param name="tolerance">A share that is no difference yet, such as 0.01.</param>
internal sealed class DriftJudge(decimal tolerance)
{
    /// <param name="estimated">Attempts whose usage the gateway counted itself.</param>
    /// <param name="unpriced">Attempts that it knows no price of.</param>
    public (decimal Share, DriftCause Cause, string? Explanation) Judge(Figures? ledger, Figures? export, long estimated, long unpriced)
    {
        if (ledger is null)
        {
            return (1, DriftCause.UnknownSpend, "The provider bills this and the gateway has no row of it: the account is used past the gateway, or the model has another name there (see models of the mapping).");
        }

        if (export is null)
        {
            return (1, DriftCause.NotBilled, "The gateway has rows of this and the export has none: another account answered, the model has another name there, or the provider bills it on another day.");
        }

        var share = Apart(ledger.Cost, export.Cost) ?? Apart(ledger.Tokens, export.Tokens) ?? Apart(ledger.Requests, export.Requests) ?? 0;
        var (requests, tokens, cost) = (Apart(ledger.Requests, export.Requests), Apart(ledger.Tokens, export.Tokens), Apart(ledger.Cost, export.Cost));
        var worst = Math.Max(Math.Abs(requests ?? 0), Math.Max(Math.Abs(tokens ?? 0), Math.Abs(cost ?? 0)));
        if (worst <= tolerance)
        {
            return (share, DriftCause.None, null);
        }

        var note = estimated > 0 ? Text($" {estimated} of the attempts were counted by the gateway itself, since the provider did not tell their usage.") : "";
        if (requests is { } missing && Math.Abs(missing) > tolerance && (tokens is not { } scaled || Math.Sign(scaled) == Math.Sign(missing)))
        {
            return (share, DriftCause.MissingRequests, missing > 0
                ? Text($"The provider counts {export.Requests - ledger.Requests} requests more: the account is used past the gateway as well, or retries of a client went there.{note}")
                : Text($"The gateway counts {ledger.Requests - export.Requests} requests more: the provider does not bill some that failed, or another account answered them.{note}"));
        }

        if (tokens is { } counted && Math.Abs(counted) > tolerance)
        {
            return (share, requests is null && cost is not null && Math.Abs(cost.Value - counted) > tolerance ? DriftCause.Mixed : DriftCause.TokensCountedDifferently,
                Text($"{Kinds(ledger, export)} The requests are the same or not told.{note}"));
        }

        return unpriced > 0
            ? (share, DriftCause.Unpriced, Text($"The tokens agree, and the gateway knows no price of {unpriced} attempts: add it to the price book and re-rate."))
            : (share, DriftCause.PriceDiffers, Text($"The tokens agree and the cost does not: the provider charges {Rate(export)} for a million tokens and the price book says {Rate(ledger)}. Correct the price, or claim the difference."));
    }

    /// <summary>As a share of the larger; above 0 where the provider has more.</summary>
    private static decimal? Apart(decimal? ledger, decimal? export) =>
        ledger is { } ours && export is { } theirs ? Math.Max(ours, theirs) == 0 ? 0 : (theirs - ours) / Math.Max(Math.Abs(ours), Math.Abs(theirs)) : null;

    private string Kinds(Figures ledger, Figures export)
    {
        var differing = new (string Name, long? Ours, long? Theirs)[]
        {
            ("input", ledger.Input, export.Input), ("cached input", ledger.CachedInput, export.CachedInput),
            ("cache write", ledger.CacheWrite, export.CacheWrite), ("output", ledger.Output, export.Output),
        }.Where(kind => Apart(kind.Ours, kind.Theirs) is { } apart && Math.Abs(apart) > tolerance).Select(kind => Text($"{kind.Name}: {kind.Ours} here, {kind.Theirs} there"));
        return $"The tokens differ ({string.Join("; ", differing)}).";
    }

    private static string Rate(Figures figures) => figures is { Cost: { } cost, Tokens: > 0 and var tokens } ? (cost * 1_000_000 / tokens).ToString("0.####", CultureInfo.InvariantCulture) : "an unknown amount";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

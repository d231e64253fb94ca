using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>Finds what speaks against a candidate. A hard reason ends the look; of the soft ones the gravest stays.</summary>
internal static class CandidateFilter
{
    /// <summary>A deployment that can do nothing but these takes no chat, which otherwise goes without saying.</summary>
    private const Capabilities WithoutChat =
        Capabilities.Embeddings | Capabilities.Images | Capabilities.Speech | Capabilities.Transcription | Capabilities.Moderation | Capabilities.Rerank;

    /// <param name="verdict">Its facts are set.</param>
    public static void Judge(
        ref Verdict verdict, RouteRuntime route, bool isPriced, in RequestFacts facts, Requirements require, in CandidateHealth health, DateTimeOffset now)
    {
        verdict.Exclusion = Hard(ref verdict, route, isPriced, facts, require, health);
        if (verdict.Exclusion is Exclusion.None)
        {
            Soft(ref verdict, route, facts, health, now);
        }
    }

    /// <summary>How grave a soft exclusion is: where nobody else is left, those are asked for whom the least has to be overlooked.</summary>
    public static int Gravity(Exclusion soft) => soft switch
    {
        Exclusion.Weight => 1,
        Exclusion.Stage => 2,
        Exclusion.Capability => 3,
        Exclusion.Resting or Exclusion.Quota => 4,
        Exclusion.Breaker => 5,
        Exclusion.MaxOutput => 6,
        _ => 7,
    };

    private static Exclusion Hard(
        ref Verdict verdict, RouteRuntime route, bool isPriced, in RequestFacts facts, Requirements require, in CandidateHealth health)
    {
        var deployment = verdict.Candidate.Deployment;
        if (deployment.Stage is Stage.Candidate or Stage.Retired)
        {
            return Exclusion.Stage;
        }

        if (!deployment.Provider.Usable || health.IsDead)
        {
            return Exclusion.Credential;
        }

        if (deployment.DeclaresCapabilities && Lacks(deployment.Capabilities, facts, out verdict.Missing))
        {
            return Exclusion.Capability;
        }

        if (!require.IsRegionOf(deployment))
        {
            return Exclusion.Region;
        }

        if (!require.AreTagsOf(deployment))
        {
            return Exclusion.Tag;
        }

        if (!isPriced && route.Route.Unpriced is UnpricedRule.Refuse)
        {
            return Exclusion.Unpriced;
        }

        // What costs nobody knows what is not below a ceiling.
        var ceiling = Math.Min(route.Ceiling, facts.MaxCost);
        return ceiling < double.PositiveInfinity && !(verdict.Cost <= ceiling) ? Exclusion.MaxCost : Exclusion.None;
    }

    private static bool Lacks(Capabilities declared, in RequestFacts facts, out Capabilities missing)
    {
        missing = facts.Needs & ~declared;
        return missing != 0 || (facts.Generates && declared != 0 && (declared & ~WithoutChat) == 0);
    }

    // In the order of gravity: a later one is graver, and stays as the one that is told.
    private static void Soft(ref Verdict verdict, RouteRuntime route, in RequestFacts facts, in CandidateHealth health, DateTimeOffset now)
    {
        var deployment = verdict.Candidate.Deployment;
        if (verdict.Candidate.Weight <= 0 && route.HasWeight)
        {
            Add(ref verdict, Exclusion.Weight);
        }

        if (deployment.Stage is Stage.Deprecated && route.HasCurrent)
        {
            Add(ref verdict, Exclusion.Stage);
        }

        if (!deployment.DeclaresCapabilities && (facts.Needs & route.Declared) is not 0 and var unsaid)
        {
            Add(ref verdict, Exclusion.Capability);
            verdict.Missing = unsaid;
        }

        if (health.IsExhausted)
        {
            Add(ref verdict, Exclusion.Quota);
            verdict.RestsUntil = health.FitsAt > now ? health.FitsAt : default;
        }

        if (health.RestsUntil > now && health.RestsUntil >= verdict.RestsUntil)
        {
            Add(ref verdict, Exclusion.Resting);
            verdict.RestsUntil = health.RestsUntil;
        }

        verdict.Until = verdict.NotBefore = verdict.RestsUntil;
        verdict.BreakerOpen = health.BreakerOpen;
        if (health.BreakerOpen)
        {
            Add(ref verdict, Exclusion.Breaker);
            verdict.Until = health.OpenUntil ?? default;
        }

        if (facts.MaxOutput > deployment.MaxOutput)
        {
            Add(ref verdict, Exclusion.MaxOutput);
        }

        if ((facts.MaxOutput ?? 0) > deployment.Context - facts.InputTokens)
        {
            Add(ref verdict, Exclusion.Context);
        }
    }

    private static void Add(ref Verdict verdict, Exclusion soft)
    {
        verdict.Exclusion = soft;
        verdict.SoftReasons |= Verdict.Reason(soft);
    }
}

using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Verifying;

/// <summary>
/// How sure it is that one answer serves both prompts, after the guards: they forbid, this weighs. The score orders candidates and is
/// compared with the route's threshold; it is no probability on real traffic, whose pairs are not those that it was fitted on. What that
/// traffic makes of it is for the shadow labels to say.
/// </summary>
internal static class Verifier
{
    /// <summary>From 0 to 1. A cosine that is none (NaN, outside -1..1 by more than rounding) gives 0: an error is no hit.</summary>
    public static double Score(TextFacts asked, TextFacts stored, double cosine)
    {
        if (!(Math.Abs(cosine) <= 1.001))
        {
            return 0;
        }

        var logOdds = VerifierWeights.Fitted.LogOdds(VerifierFeatures.Of(asked, stored)) + (VerifierWeights.Cosine * (cosine - VerifierWeights.CosineCentre));
        return 1 / (1 + Math.Exp(-logOdds));
    }
}

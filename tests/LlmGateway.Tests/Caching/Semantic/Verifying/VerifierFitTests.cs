using System.Globalization;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Caching.Semantic.Verifying;

namespace LlmGateway.Tests.Caching.Semantic.Verifying;

/// <summary>The weights in the code are those that the pairs give.</summary>
public sealed class VerifierFitTests
{
    private const int Steps = 4_000;
    private const double Rate = 4;
    private const double Ridge = 0.0003;

    /// <summary>What the verifier weighs the guards have passed, which of hard negatives one in many is: they weigh that much less, but are all there to learn from.</summary>
    private const double Reaching = 0.1;

    [Fact]
    public void The_weights_are_those_that_fit_the_pairs()
    {
        var fitted = Fit(PromptPair.Fitted());

        Assert.True(Spell(fitted) == Spell(VerifierWeights.Fitted), $"The weights to write are {Spell(fitted)}.");
    }

    private static VerifierWeights Fit(PromptPair[] pairs)
    {
        // Pairs across languages never come as far as the verifier.
        var samples = pairs.Where(static pair => pair.Language != "cross").Select(static pair => (Features: Row(VerifierFeatures.Of(TextFacts.Of(pair.A), TextFacts.Of(pair.B))), pair.Same)).ToArray();
        var (same, different) = (samples.Count(static sample => sample.Same), samples.Count(static sample => !sample.Same));
        var weights = new double[7];
        for (var step = 0; step < Steps; step++)
        {
            var gradient = new double[weights.Length];
            foreach (var (features, label) in samples)
            {
                var logOdds = 0.0;
                for (var i = 0; i < weights.Length; i++)
                {
                    logOdds += features[i] * weights[i];
                }

                var error = ((label ? 1 : 0) - (1 / (1 + Math.Exp(-logOdds)))) / (label ? same : different / Reaching);
                for (var i = 0; i < weights.Length; i++)
                {
                    gradient[i] += error * features[i];
                }
            }

            for (var i = 0; i < weights.Length; i++)
            {
                weights[i] += Rate * (gradient[i] - (i > 0 ? Ridge * weights[i] : 0));
                weights[i] = i > 0 ? Math.Max(0, weights[i]) : weights[i];
            }
        }

        return new VerifierWeights(weights[0], weights[1], weights[2], weights[3], weights[4], weights[5], weights[6]);
    }

    private static double[] Row(VerifierFeatures features) => [1, features.Overlap, features.Worst, features.Length, features.Order, features.Question, features.Loose];

    private static string Spell(VerifierWeights weights) => string.Create(
        CultureInfo.InvariantCulture,
        $"{weights.Bias:0.00}, {weights.Overlap:0.00}, {weights.Worst:0.00}, {weights.Length:0.00}, {weights.Order:0.00}, {weights.Question:0.00}, {weights.Loose:0.00}");
}

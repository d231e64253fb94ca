using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>What a decision has to know of a request.</summary>
internal readonly struct RequestFacts()
{
    /// <summary>Output of one choice that is expected of a route that has no history yet, in tokens.</summary>
    public const double UsualOutput = 300;

    public required long InputTokens { get; init; }

    /// <summary>Largest output that the client allows for one choice, in tokens; null when it set none.</summary>
    public long? MaxOutput { get; init; }

    public int Choices { get; init; } = 1;

    public Capabilities Needs { get; init; }

    /// <summary>The client's own ceiling, in the base currency; infinite for none.</summary>
    public double MaxCost { get; init; } = double.PositiveInfinity;

    /// <summary>The conversation or user, hashed; 0 where the policy does not ask for it.</summary>
    public ulong Identity { get; init; }

    /// <summary>For the prediction of cached input; null where there is none.</summary>
    public Exchange? Exchange { get; init; }

    /// <summary>Text is generated, and not a vector.</summary>
    public bool Generates => (Needs & Capabilities.Embeddings) == 0;

    public static RequestFacts Of(Exchange exchange, double maxCost, ulong identity)
    {
        var request = exchange.Request!;
        return new RequestFacts
        {
            InputTokens = request.InputTokenEstimate,
            MaxOutput = request.MaxOutput,
            Choices = request.Choices,
            Needs = request.Needs,
            MaxCost = maxCost,
            Identity = identity,
            Exchange = exchange,
        };
    }

    /// <summary>What will be generated, all choices together: <paramref name="mean"/> tokens each, unless the client allows less.</summary>
    public long ExpectedOutput(double? mean)
    {
        if (!Generates)
        {
            return 0;
        }

        var each = Math.Min(mean ?? UsualOutput, MaxOutput ?? double.MaxValue);
        return (long)Math.Ceiling(each * Math.Max(1, Choices));
    }
}

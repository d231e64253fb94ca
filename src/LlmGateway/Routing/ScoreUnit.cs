namespace LlmGateway.Routing;

/// <summary>What a score counts. Scores of two units do not compare: each policy orders by its own.</summary>
internal enum ScoreUnit : byte
{
    /// <summary>Not scored: it is not in the plan.</summary>
    None,

    /// <summary>Expected cost, in the base currency.</summary>
    Money,

    /// <summary>To the last token; of one that rests until it is back.</summary>
    Seconds,

    /// <summary>Share of its scarcest quota that is used, 0 to 1.</summary>
    QuotaUsed,

    /// <summary>Share of its concurrent places that would be taken.</summary>
    PlacesTaken,

    /// <summary>Attempts in flight, with the one to be made.</summary>
    Attempts,

    /// <summary>Place in the order of the route, from 0.</summary>
    Place,

    /// <summary>A draw by chance or hash over the weight, which has no unit.</summary>
    Draw,

    /// <summary>Mean of terms of 0 to 1 by the weights of the route; <see cref="ScoreParts"/> tells what it is made of.</summary>
    WeightedMean,

    /// <summary>Failed share of the attempts that opened its breaker, 0 to 1.</summary>
    FailureShare,

    /// <summary>Tokens that it can take, below 0 so that the most come first.</summary>
    Tokens,
}

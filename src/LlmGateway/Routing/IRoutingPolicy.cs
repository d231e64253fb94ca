namespace LlmGateway.Routing;

/// <summary>An order of preference, found by name. A new policy is one class and one line of registration.</summary>
internal interface IRoutingPolicy
{
    /// <summary>As <c>policy:</c> of a route and <c>x-gateway-policy</c> spell it.</summary>
    string Name { get; }

    /// <summary>
    /// Its score is made of <see cref="Verdict.RankedCost"/>, of which the saving by cached input is a part already.
    /// </summary>
    bool ScoresMoney => false;

    /// <summary>It keeps conversations together, and has to know which one this is.</summary>
    bool NeedsIdentity => false;

    /// <summary>What its scores count, for whoever reads them: of one ballot all the same.</summary>
    ScoreUnit UnitOf(in Ballot ballot);

    /// <summary>
    /// Writes <see cref="Verdict.Score"/> of each candidate, the lowest for the preferred one and <see cref="Verdict.Last"/> for what goes
    /// behind all others. There is at least one. Candidates of the same score are spread by their load.
    /// </summary>
    void Score(ref Ballot ballot);

    /// <summary>
    /// How much would be taken off the score of a candidate whose warm prompt cache saved all of its cost; of less, in proportion. The score
    /// itself by default, which suits what is 0 at its best and twice as much where it is twice as bad.
    /// </summary>
    double Worth(in Verdict verdict) => Math.Max(0, verdict.Score);
}

namespace LlmGateway.Routing.Policies;

/// <summary>
/// Rendezvous hashing of the conversation or user: each goes to one deployment for as long as that one is there, in proportion to the
/// weights, and a deployment that comes or goes moves only its own share of them. Who is who: see <see cref="ConversationIdentity"/>.
/// </summary>
internal sealed class StickyPolicy : IRoutingPolicy
{
    public string Name => "sticky";

    public bool NeedsIdentity => true;

    public ScoreUnit UnitOf(in Ballot ballot) => ScoreUnit.Draw;

    public void Score(ref Ballot ballot)
    {
        for (var i = 0; i < ballot.Count; i++)
        {
            ref var verdict = ref ballot[i];
            var unit = DecisionRandom.ToUnit(DecisionRandom.Mix(ballot.Identity ^ verdict.Candidate.NameHash));
            verdict.Score = WeightedPolicy.Draw(unit, verdict.Candidate.Weight);
        }
    }
}

using LlmGateway.Catalog;

namespace LlmGateway.Routing;

/// <summary>The candidates that a policy scores: those that nothing excludes. By reference, since a policy draws chance from it.</summary>
internal ref struct Ballot(Span<Verdict> verdicts, Span<int> standing, Route route, ulong identity, DecisionRandom random)
{
    private readonly Span<Verdict> _verdicts = verdicts;
    private readonly Span<int> _standing = standing;

    public DecisionRandom Random = random;

    public Route Route { get; } = route;

    /// <summary>The conversation or user, hashed, for a policy that <see cref="IRoutingPolicy.NeedsIdentity"/>.</summary>
    public ulong Identity { get; } = identity;

    public readonly int Count => _standing.Length;

    public readonly ref Verdict this[int index] => ref _verdicts[_standing[index]];

    public readonly void Swap(int left, int right) => (_standing[left], _standing[right]) = (_standing[right], _standing[left]);
}

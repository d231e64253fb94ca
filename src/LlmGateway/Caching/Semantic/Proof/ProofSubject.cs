namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>One route or partition of a <see cref="ServeController"/>, under its lock.</summary>
internal sealed class ProofSubject(string? partition, ProofState state, ProofTallies tallies)
{
    /// <summary>Null for the route.</summary>
    public string? Partition { get; } = partition;

    public ProofState State { get; private set; } = state;

    public ProofTallies Tallies { get; } = tallies;

    /// <summary>Whether there is something that was not saved.</summary>
    public bool Changed { get; private set; }

    public void Count(bool served, HitSaving saving)
    {
        (served ? Tallies.Served : Tallies.WouldBe).Add(saving);
        Changed = true;
    }

    /// <returns>Null where it stays in its state.</returns>
    public ProofTransition? Move(ProofState next, string route)
    {
        var before = State;
        Changed |= next != before;
        State = next;
        return next.State == before.State ? null : new ProofTransition(route, Partition, before.State, next.State, next.Reason, next.Since);
    }

    public StoredProof Store(string route, string epoch)
    {
        Changed = false;
        return new StoredProof(route, epoch, Partition, State, Tallies.Copy());
    }

    /// <summary>To be saved again: it could not be.</summary>
    public void NotSaved() => Changed = true;

    public ProofReport Report(string route, string epoch, bool serving, ProofOptions options)
    {
        var error = ProofRules.Error(State, Partition is not null, options);
        var upper = WrongHitBound.Upper(State.Evidence, error);
        var missing = Math.Max(0, options.Minimum - State.Evidence.Labelled);
        return new ProofReport
        {
            Route = route,
            Partition = Partition,
            Epoch = epoch,
            State = State.State,
            Reason = State.Reason,
            Since = State.Since,
            Serving = serving,
            Target = options.MaxWrongHits,
            Attempt = State.Attempt,
            Evidence = State.Evidence,
            Epochal = State.Epoch,
            Unjudged = State.Unjudged,
            LowerBound = WrongHitBound.Lower(State.Evidence, error),
            UpperBound = upper,
            LabelsNeeded = WrongHitBound.LabelsNeeded(State.Evidence, options.MaxWrongHits, error) is { } more ? Math.Max(more, missing) : null,
            Drift = State.Drift.Value / options.FalseAlarmEvery,
            Served = Tallies.Served.Copy(),
            WouldBe = Tallies.WouldBe.Copy(),
        };
    }
}

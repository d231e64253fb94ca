namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// How labels move a route or a partition between its states: a pure function of the state and the label.
/// <para>
/// The promise for a route: over a whole epoch, with probability at least <c>confidence</c>, at no moment is it served while the mean
/// true share of wrong hits among the labelled ones of the attempt is above <c>max_wrong_hits</c>. A route whose true share is constantly
/// above it is therefore ever served in at most 5 of 100 epochs. An attempt <c>k</c> after <c>k-1</c> shut-offs may spend
/// <c>0.9 · 0.1^(k-1)</c> of the error, so that all attempts of an epoch together keep the promise; each shut-off makes the next
/// proof at 1 % longer by some 240 labels. What is proven is a mean: that a share has risen since is for <see cref="DriftEvidence"/> to see.
/// </para>
/// <para>
/// At the default of 1 % a route without a wrong hit is proven by 355 labels. One that is wrong in 0.1 % takes 355 in the median and 1,200 in
/// 95 of 100 cases, in 0.2 % 750 and 1,700, in 0.5 % 2,200 and 6,500.
/// </para>
/// <para>
/// A partition needs no proof of its own, but its own labels shut it off: by drift, or when its lower bound is above the target at an error
/// of 1 %, which is the probability of a false alarm by this in one partition and attempt at a share that is exactly the target. From then
/// on only its own labels can let it serve again, by the same rule as a route's.
/// </para>
/// </summary>
internal static class ProofRules
{
    /// <summary>So many hits in a row that nobody could judge end serving: it would go on unwatched.</summary>
    public const int MostUnjudgedInARow = 20;

    /// <summary>
    /// A proof is withheld where a larger share of the chosen hits went unjudged. No theorem is behind it: what cannot be judged may be
    /// wrong more often than what can, and here is where that stops being believed.
    /// </summary>
    public const double MostUnjudged = 0.05;

    private const double RefutationError = 0.01;
    private const double FirstAttempt = 0.9;
    private const double NextAttempt = 0.1;

    /// <summary>The probability of a wrong proof that this attempt may spend.</summary>
    /// <param name="attempt">From 1.</param>
    public static double Error(int attempt, ProofOptions options) => (1 - options.Confidence) * FirstAttempt * Math.Pow(NextAttempt, Math.Max(1, attempt) - 1);

    /// <summary>The probability that the present attempt may spend. A partition's first one is not a proof, since it inherits its route's.</summary>
    public static double Error(ProofState state, bool partition, ProofOptions options) => Error(partition ? state.Attempt - 1 : state.Attempt, options);

    /// <summary>The state after the next chosen hit.</summary>
    /// <param name="wrong">Whether the answer would have been wrong; null when that could not be judged.</param>
    public static ProofState Next(ProofState state, bool? wrong, bool partition, ProofOptions options, DateTimeOffset now)
    {
        state = Add(state, wrong, options, now);
        return partition ? NextOfPartition(state, options, now) : NextOfRoute(state, options, now);
    }

    /// <summary>The state under options that may have changed: labels stay, whatever the target was, since the bound holds for all targets at once.</summary>
    public static ProofState Reconcile(ProofState state, bool partition, ProofOptions options, DateTimeOffset now)
    {
        if (state.Target != options.MaxWrongHits)
        {
            state = state with { Target = options.MaxWrongHits, Drift = default };
        }

        return state.State == ServeState.Proven && Lack(state, partition, options) is { } lack ? Lose(state, lack, partition, now) : state;
    }

    private static ProofState Add(ProofState state, bool? wrong, ProofOptions options, DateTimeOffset now) => wrong is { } known
        ? state with
        {
            LabelledAt = now,
            Evidence = state.Evidence.With(known),
            Epoch = state.Epoch.With(known),
            UnjudgedRun = 0,
            Drift = state.Drift.With(known, options.MaxWrongHits),
        }

        // A judge that is away for an hour must not weigh for a month: a long run ends serving by itself, and counts as no more than that.
        : state.UnjudgedRun >= MostUnjudgedInARow
            ? state
            : state with { LabelledAt = now, Unjudged = state.Unjudged + 1, UnjudgedRun = state.UnjudgedRun + 1 };

    private static ProofState NextOfRoute(ProofState state, ProofOptions options, DateTimeOffset now)
    {
        if (state.State != ServeState.Proven)
        {
            // What comes before it serves is no drift: the detector begins with the first hit that can be served.
            return Lack(state, partition: false, options) is null ? Prove(state, now) : state with { Drift = default };
        }

        if (state.Drift.Value >= options.FalseAlarmEvery)
        {
            return ShutOff(state, ProofReason.Drift, now);
        }

        return Lack(state, partition: false, options) is { } lack ? Lose(state, lack, partition: false, now) : state;
    }

    private static ProofState NextOfPartition(ProofState state, ProofOptions options, DateTimeOffset now)
    {
        if (state.State == ServeState.ShutOff)
        {
            return Lack(state, partition: true, options) is null ? Prove(state, now) : state with { Drift = default };
        }

        if (state.Drift.Value >= options.FalseAlarmEvery)
        {
            return ShutOff(state, ProofReason.Drift, now);
        }

        if (state.State == ServeState.Proven)
        {
            return Lack(state, partition: true, options) is { } lack ? Lose(state, lack, partition: true, now) : state;
        }

        if (state.UnjudgedRun >= MostUnjudgedInARow)
        {
            return ShutOff(state, ProofReason.Unjudged, now);
        }

        return WrongHitBound.IsAbove(state.Evidence, options.MaxWrongHits, RefutationError) ? ShutOff(state, ProofReason.Refuted, now) : state;
    }

    /// <summary>What the labels lack of a proof; null when they are one.</summary>
    private static ProofReason? Lack(ProofState state, bool partition, ProofOptions options)
    {
        if (state.UnjudgedRun >= MostUnjudgedInARow || state.Unjudged > MostUnjudged * (state.Unjudged + state.Evidence.Labelled))
        {
            return ProofReason.Unjudged;
        }

        return state.Evidence.Labelled >= options.Minimum
            && WrongHitBound.IsBelow(state.Evidence, options.MaxWrongHits, Error(state, partition, options))
                ? null
                : ProofReason.BoundLost;
    }

    private static ProofState Prove(ProofState state, DateTimeOffset now) =>
        state with { State = ServeState.Proven, Reason = ProofReason.Bound, Since = now, Drift = default };

    // Its labels stay: the bound is that of one attempt still, and may come back below the target without any error being spent.
    private static ProofState Lose(ProofState state, ProofReason lack, bool partition, DateTimeOffset now) =>
        state with { State = partition ? ServeState.ShutOff : ServeState.Shadow, Reason = lack, Since = now, Drift = default };

    private static ProofState ShutOff(ProofState state, ProofReason reason, DateTimeOffset now) => state with
    {
        State = ServeState.ShutOff,
        Reason = reason,
        Since = now,
        Attempt = state.Attempt + 1,
        Evidence = default,
        Unjudged = 0,
        UnjudgedRun = 0,
        Drift = default,
    };
}

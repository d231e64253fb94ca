namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// Decides for the fuzzy hits of one route in one epoch whether they are served, and which of them are compared with the real answer.
/// Evidence is pooled: every partition that is not shut off adds its labels to the route's, and is served while the route is proven. Labels of
/// a partition that is shut off are its own matter. The promise is that of <see cref="ProofRules"/>, for the judge's labels: a judge that
/// takes wrong answers for right is beyond it.
/// </summary>
internal sealed class ServeController
{
    /// <summary>Partitions whose own labels are watched. Where all of so many are shut off, a further one is not served.</summary>
    public const int MostPartitions = 4_096;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly LabelOrder _order = new();
    private readonly ProofSubject _route;
    private readonly Dictionary<string, ProofSubject> _partitions = new(StringComparer.Ordinal);
    private ProofOptions _options;
    private int _shutOff;

    /// <param name="stored">What is kept of this route and epoch.</param>
    public ServeController(string route, string epoch, ProofOptions options, TimeProvider time, IReadOnlyList<StoredProof> stored)
    {
        (Route, Epoch, _options, _time) = (route, epoch, options, time);
        _route = Restore(null, stored.FirstOrDefault(proof => proof.Partition is null));

        // The shut-off first: of all things that could be forgotten these must not be.
        foreach (var proof in stored.Where(proof => proof.Partition is not null)
            .OrderByDescending(proof => proof.State.State == ServeState.ShutOff).ThenByDescending(proof => proof.State.LabelledAt).Take(MostPartitions))
        {
            var subject = Restore(proof.Partition, proof);
            _partitions[proof.Partition!] = subject;
            _shutOff += subject.State.State == ServeState.ShutOff ? 1 : 0;
        }
    }

    public string Route { get; }

    public string Epoch { get; }

    /// <summary>Takes options that the operator has changed. What a stricter target no longer allows ends at once.</summary>
    public IReadOnlyList<ProofTransition> Configure(ProofOptions options)
    {
        lock (_lock)
        {
            _options = options;
            var now = _time.GetUtcNow();
            List<ProofTransition>? moved = null;
            foreach (var subject in Subjects())
            {
                Move(subject, ProofRules.Reconcile(subject.State, subject != _route, options, now), ref moved);
            }

            return moved ?? (IReadOnlyList<ProofTransition>)[];
        }
    }

    /// <summary>A candidate has passed every stage: is it served, and is it compared?</summary>
    /// <param name="coin">Uniform over [0, 1) and independent of everything else about the hit: the bound stands on it.</param>
    /// <param name="allowed">False where it would not be served even if all is proven: its route is in shadow, say.</param>
    public HitDecision Hit(string partition, double coin, HitSaving saving, bool allowed = true)
    {
        lock (_lock)
        {
            _partitions.TryGetValue(partition, out var subject);
            var serve = allowed && Serves(subject);
            var share = !serve ? _options.VerifyShadow : Suspects(subject) ? _options.VerifySuspected : _options.VerifyServed;
            PendingLabel? verify = null;
            if (coin < share && !_order.IsFull)
            {
                subject ??= Watch(partition);
                verify = new PendingLabel(partition, _time.GetUtcNow());
                _order.Add(verify);
            }

            _route.Count(serve, saving);
            subject?.Count(serve, saving);
            return new HitDecision(serve, verify);
        }
    }

    /// <summary>The stored answer was compared with the real one, or could not be.</summary>
    /// <param name="label">Of the <see cref="HitDecision"/>.</param>
    /// <param name="wrong">Null when the comparison failed.</param>
    /// <returns>What has changed by it: to be logged and saved at once.</returns>
    public IReadOnlyList<ProofTransition> Label(PendingLabel label, bool? wrong)
    {
        lock (_lock)
        {
            label.End(wrong);
            return Drain();
        }
    }

    /// <summary>
    /// There is no comparison, for a reason that has nothing to do with how it would have come out: the client has left, say. Only for a hit that was not
    /// served; one that was must not go unwatched.
    /// </summary>
    /// <returns><inheritdoc cref="Label" path="/returns/node()"/></returns>
    public IReadOnlyList<ProofTransition> Withdraw(PendingLabel label)
    {
        lock (_lock)
        {
            label.Withdraw();
            return Drain();
        }
    }

    /// <summary>Gives up comparisons that take too long; to be called now and then.</summary>
    public IReadOnlyList<ProofTransition> Expire()
    {
        lock (_lock)
        {
            return Drain();
        }
    }

    /// <summary>What is to be saved since the last call.</summary>
    public IReadOnlyList<StoredProof> TakeChanged()
    {
        lock (_lock)
        {
            return [.. Subjects().Where(subject => subject.Changed).Select(subject => subject.Store(Route, Epoch))];
        }
    }

    /// <summary>They could not be saved: the next <see cref="TakeChanged"/> has them again.</summary>
    public void NotSaved(IReadOnlyList<StoredProof> proofs)
    {
        lock (_lock)
        {
            foreach (var proof in proofs)
            {
                (proof.Partition is null ? _route : _partitions.GetValueOrDefault(proof.Partition))?.NotSaved();
            }
        }
    }

    public ProofReport Report()
    {
        lock (_lock)
        {
            return _route.Report(Route, Epoch, _route.State.State == ServeState.Proven, _options);
        }
    }

    /// <summary>The partitions with labels of their own, those that are shut off first.</summary>
    public IReadOnlyList<ProofReport> ReportPartitions(int limit)
    {
        lock (_lock)
        {
            return [.. _partitions.Values
                .OrderByDescending(subject => subject.State.State == ServeState.ShutOff).ThenByDescending(subject => subject.State.Epoch.Wrong)
                .ThenBy(subject => subject.Partition, StringComparer.Ordinal)
                .Take(limit)
                .Select(subject => subject.Report(Route, Epoch, Serves(subject), _options))];
        }
    }

    private IReadOnlyList<ProofTransition> Drain()
    {
        List<ProofTransition>? moved = null;
        var now = _time.GetUtcNow();
        while (_order.TryTake(now, out var label))
        {
            if (label.Withdrawn)
            {
                continue;
            }

            var subject = _partitions.GetValueOrDefault(label.Partition);
            if (subject?.State.State != ServeState.ShutOff)
            {
                Move(_route, ProofRules.Next(_route.State, label.Wrong, partition: false, _options, now), ref moved);
            }

            if (subject is not null)
            {
                Move(subject, ProofRules.Next(subject.State, label.Wrong, partition: true, _options, now), ref moved);
            }
        }

        return moved ?? (IReadOnlyList<ProofTransition>)[];
    }

    private bool Serves(ProofSubject? partition) => _route.State.State == ServeState.Proven
        && (partition is null ? _shutOff < MostPartitions : partition.State.State != ServeState.ShutOff);

    private bool Suspects(ProofSubject? partition) =>
        _route.State.Drift.Value >= _options.Suspicion || partition?.State.Drift.Value >= _options.Suspicion;

    private ProofSubject? Watch(string partition)
    {
        if (_partitions.Count >= MostPartitions)
        {
            if (_shutOff >= MostPartitions)
            {
                return null;
            }

            // The one whose labels are missed least.
            _partitions.Remove(_partitions.Values.Where(known => known.State.State != ServeState.ShutOff).MinBy(known => known.State.LabelledAt)!.Partition!);
        }

        var subject = Restore(partition, null);
        _partitions.Add(partition, subject);
        return subject;
    }

    private ProofSubject Restore(string? partition, StoredProof? proof)
    {
        var now = _time.GetUtcNow();
        var state = proof?.State ?? new ProofState { Since = now, LabelledAt = now, Target = _options.MaxWrongHits };
        return new ProofSubject(partition, ProofRules.Reconcile(state, partition is not null, _options, now), proof?.Tallies.Copy() ?? new ProofTallies());
    }

    private void Move(ProofSubject subject, ProofState next, ref List<ProofTransition>? moved)
    {
        if (subject.Move(next, Route) is { } transition)
        {
            (moved ??= []).Add(transition);
            if (subject != _route)
            {
                _shutOff += (transition.To == ServeState.ShutOff ? 1 : 0) - (transition.From == ServeState.ShutOff ? 1 : 0);
            }
        }
    }

    private IEnumerable<ProofSubject> Subjects() => _partitions.Values.Prepend(_route);
}

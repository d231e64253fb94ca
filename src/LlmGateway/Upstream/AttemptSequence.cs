using LlmGateway.Catalog;
using LlmGateway.Health;
using LlmGateway.Routing;

namespace LlmGateway.Upstream;

/// <summary>The attempt that an exchange makes next.</summary>
/// <param name="Step">Its place in the plan.</param>
/// <param name="Delay">How long to wait before it.</param>
/// <param name="Probe">The breaker whose probe it is; null for any other.</param>
internal readonly record struct NextAttempt(int Step, Candidate Candidate, AttemptCause Cause, TimeSpan Delay, Breaker? Probe);

/// <summary>
/// The attempts of one exchange: which deployment is asked next, when, and when it is enough. Each deployment is available from some time on;
/// the one that is available first is asked, of several the one not yet asked that stands first in the plan. Everything else narrows that down.
/// </summary>
internal sealed class AttemptSequence
{
    private readonly RoutePlan _plan;
    private readonly FailoverSettings _settings;
    private readonly TimeProvider _time;
    private readonly Backoff _backoff;
    private readonly RetryBudget _budget;
    private readonly StepState[] _steps;
    private DateTimeOffset _deadline;
    private int _largerThan = -1;
    private bool _stopped;
    private bool _skipped;
    private int _last = -1;

    public AttemptSequence(RoutePlan plan, DateTimeOffset startedAt, TimeProvider time, Backoff backoff, RetryBudget budget)
    {
        _plan = plan;
        _settings = plan.Route.Failover;
        _time = time;
        _backoff = backoff;
        _budget = budget;
        _deadline = startedAt + _settings.Deadline;
        _steps = new StepState[plan.Steps.Count];
        budget.Deposit(_settings.RetryBudget);
    }

    /// <summary>Attempts made.</summary>
    public int Made { get; private set; }

    /// <summary>The answer must have begun by then.</summary>
    public DateTimeOffset Deadline => _deadline;

    /// <summary>When the next one could have been made, where that was too late.</summary>
    public DateTimeOffset AvailableAt { get; private set; }

    /// <summary>A stream that the client is reading has died: what counts now is that it goes on soon.</summary>
    public void BeginAnew() => _deadline = _time.GetUtcNow() + _settings.Deadline;

    /// <summary>The next attempt, which is then taken as made; false when it is enough, or nobody is left.</summary>
    /// <param name="fresh">Only a deployment that this exchange has not asked: for a hedge.</param>
    public bool TryNext(out NextAttempt next, bool fresh = false)
    {
        // A hedge may ask while the first attempt's stream is being continued.
        lock (_steps)
        {
            return Find(out next, fresh);
        }
    }

    private bool Find(out NextAttempt next, bool fresh)
    {
        next = default;
        while (!_stopped && Made < _settings.Attempts)
        {
            var now = _time.GetUtcNow();
            var best = Best(now, fresh, out var at);
            if (best < 0)
            {
                return Made == 0 && !_skipped && !fresh && TakeUnasked(out next);
            }

            if (fresh && at > now)
            {
                return false;
            }

            // With no time left an attempt would be asked only to be given up.
            if (at >= _deadline)
            {
                AvailableAt = at;
                return false;
            }

            if (Take(best, now, at, out next))
            {
                // A hedge runs beside what else is done for the exchange: its deployment is its own from now on.
                _steps[best].IsOut |= fresh;
                return true;
            }
        }

        return false;
    }

    /// <summary>The attempt that was taken as made must not be made: nothing was sent.</summary>
    public void Skip(int step)
    {
        lock (_steps)
        {
            _skipped = true;
            _steps[step].IsOut = true;
            GiveBack(step);
        }
    }

    /// <summary>The attempt that was taken as made is not made now, and may be later.</summary>
    public void Return(int step)
    {
        lock (_steps)
        {
            _steps[step].IsOut = false;
            GiveBack(step);
        }
    }

    /// <summary>While it was waited for, its provider has asked for a longer pause: it is taken back, and looked at again.</summary>
    public bool TakeBackIfResting(in NextAttempt next)
    {
        var now = _time.GetUtcNow();
        if (_plan.Steps[next.Step].LastResort || CredentialPicker.UsableFrom(next.Candidate, now) <= now)
        {
            return false;
        }

        GiveBack(next.Step);
        next.Probe?.ReleaseProbe();
        return true;
    }

    private void GiveBack(int step)
    {
        _steps[step].Asked--;
        Made--;
    }

    /// <summary>An attempt at that step has failed, and has been settled.</summary>
    public void Failed(int step, Attempt attempt)
    {
        ref var state = ref _steps[step];
        var outcome = attempt.Outcome!;
        var now = _time.GetUtcNow();
        _last = step;
        switch (FailureReactions.To(outcome.Class!.Value, outcome.Status))
        {
            case FailureReaction.Stop:
                _stopped = true;
                break;
            case FailureReaction.LargerWindow:
                _largerThan = Math.Max(_largerThan, attempt.Deployment.Context ?? 0);
                state.IsOut = true;
                break;
            case FailureReaction.Switch:
                state.IsOut = true;
                break;
            case FailureReaction.ChangeCredential when CredentialPicker.HasAnother(_plan.Steps[step].Candidate, attempt.CredentialState, now):
                state.IsDifferent = true;
                break;
            case FailureReaction.ChangeCredential when outcome.Class is not Protocols.Errors.ErrorClass.RateLimit:
                state.IsOut = true;
                break;
            default:
                state.NotBefore = now + (outcome.RetryAfter ?? _backoff.After(state.Asked));
                break;
        }
    }

    /// <summary>Goes on although a deployment has refused the request: it was good for the one whose stream is to be continued.</summary>
    /// <param name="again">What was refused can be put differently to the same deployment, which is no repetition.</param>
    public void Resume(int step, bool again)
    {
        _stopped = false;
        ref var state = ref _steps[step];
        state.IsOut = !again;
        state.IsDifferent = again;
        state.NotBefore = default;
    }

    private int Best(DateTimeOffset now, bool fresh, out DateTimeOffset at)
    {
        var best = -1;
        at = DateTimeOffset.MaxValue;
        for (var i = 0; i < _steps.Length; i++)
        {
            if (!IsOpen(i, fresh))
            {
                continue;
            }

            var available = AvailableFrom(i, now);
            if (available == DateTimeOffset.MaxValue)
            {
                continue;
            }

            // Who prefers to wait stays with the deployment that asked for a pause, as long as there is time for it.
            if (i == _last && _settings.Prefer is FailoverPreference.Wait && available <= _deadline)
            {
                at = available;
                return i;
            }

            if (best < 0 || available < at || (available == at && Rank(i) < Rank(best)))
            {
                best = i;
                at = available;
            }
        }

        return best;
    }

    private bool IsOpen(int step, bool fresh)
    {
        ref var state = ref _steps[step];
        var window = _plan.Steps[step].Candidate.Deployment.Context;
        return !state.IsOut
            && state.Asked < _settings.AttemptsPerDeployment
            && (!fresh || state.Asked == 0)
            && (_largerThan < 0 || window > _largerThan);
    }

    private DateTimeOffset AvailableFrom(int step, DateTimeOffset now)
    {
        var planned = _plan.Steps[step];
        var at = CredentialPicker.UsableFrom(planned.Candidate, now);

        // A last resort is asked even with a credential that is known not to work.
        at = at == DateTimeOffset.MaxValue && planned.LastResort ? now : at;
        at = planned.NotBefore is { } rest && rest > at ? rest : at;
        return _steps[step].NotBefore > at ? _steps[step].NotBefore : at;
    }

    /// <summary>Another credential of the deployment that was preferred comes before the next deployment, and a repetition last.</summary>
    private int Rank(int step) => _steps[step].IsDifferent ? step : _steps[step].Asked == 0 ? step + _steps.Length : step + (2 * _steps.Length);

    /// <summary>Since the plan was made others took every probe, or every credential fell out. Asking is better than failing unasked.</summary>
    private bool TakeUnasked(out NextAttempt next)
    {
        next = default;
        if (_steps.Length == 0)
        {
            return false;
        }

        next = new NextAttempt(0, _plan.Steps[0].Candidate, AttemptCause.Primary, TimeSpan.Zero, Probe: null);
        _steps[0].Asked++;
        Made++;
        return true;
    }

    private bool Take(int step, DateTimeOffset now, DateTimeOffset at, out NextAttempt next)
    {
        ref var state = ref _steps[step];
        var planned = _plan.Steps[step];
        next = default;
        if (state.Asked > 0 && !state.IsDifferent && !_budget.TryWithdraw(_settings.RetryBudget))
        {
            state.IsOut = true;
            return false;
        }

        var breaker = planned.Candidate.Breaker;
        var isProbe = false;
        if (!planned.LastResort && !breaker.TryEnter(out isProbe))
        {
            state.IsOut = true;
            return false;
        }

        var cause = Made == 0 ? AttemptCause.Primary : state.Asked > 0 ? AttemptCause.Retry : AttemptCause.Fallback;
        state.Asked++;
        state.IsDifferent = false;
        Made++;
        next = new NextAttempt(step, planned.Candidate, cause, at > now ? _backoff.Asked(at - now) : TimeSpan.Zero, isProbe ? breaker : null);
        return true;
    }

    private struct StepState
    {
        /// <summary>Attempts of this exchange at it.</summary>
        public int Asked;

        /// <summary>It is not asked (again) in this exchange.</summary>
        public bool IsOut;

        /// <summary>What is asked next differs from what failed: another credential, or no prefix. It is no repetition.</summary>
        public bool IsDifferent;

        public DateTimeOffset NotBefore;
    }
}

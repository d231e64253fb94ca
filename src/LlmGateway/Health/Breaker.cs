using LlmGateway.Catalog;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.Health;

/// <summary>Leaves a failing deployment alone. One for each deployment and settings: routes with the same settings share it. Thread-safe.</summary>
/// <remarks>
/// The circuit of Polly judges; this hands out attempts. Polly counts an attempt that it runs, but ours run elsewhere for minutes: so the
/// verdict is run through it when it is known, and of an open circuit only the probe's verdict, since Polly takes whatever comes first
/// after the break for the probe. All of it under one lock, and no question of a closed breaker takes it.
/// </remarks>
internal sealed class Breaker
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly string _deployment;
    private readonly ILogger _logger;
    private readonly SlidingCount _attempts;
    private readonly SlidingCount _failures;
    private readonly BreakerCircuit _circuit;
    private long _openUntil; // UTC ticks; 0 while closed
    private double _shareAtOpening;
    private bool _probing;

    public Breaker(BreakerSettings settings, TimeProvider? time = null, string deployment = "", ILogger? logger = null)
    {
        const int slots = 10;
        Settings = settings;
        _time = time ?? TimeProvider.System;
        _deployment = deployment;
        _logger = logger ?? NullLogger.Instance;
        _attempts = new SlidingCount(settings.Window, slots);
        _failures = new SlidingCount(settings.Window, slots);
        _circuit = new BreakerCircuit(settings, _time);
    }

    public BreakerSettings Settings { get; }

    public BreakerState State
    {
        get
        {
            var openUntil = Volatile.Read(ref _openUntil);
            return openUntil == 0 ? BreakerState.Closed
                : openUntil > _time.GetUtcNow().UtcTicks ? BreakerState.Open
                : BreakerState.HalfOpen;
        }
    }

    /// <summary>When a probe may be made; null while closed.</summary>
    public DateTimeOffset? OpenUntil => Volatile.Read(ref _openUntil) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Share of failures in the window, 0 to 1; what it was when it opened, while it is open.</summary>
    public double FailureShare
    {
        get
        {
            lock (_gate)
            {
                return _openUntil == 0 ? Share(_time.GetUtcNow()) : _shareAtOpening;
            }
        }
    }

    /// <summary>An attempt would be let through now: closed, or due for a probe that nobody makes yet.</summary>
    public bool Admits =>
        Volatile.Read(ref _openUntil) is var openUntil && (openUntil == 0 || (!Volatile.Read(ref _probing) && openUntil <= _time.GetUtcNow().UtcTicks));

    /// <summary>Asks for an attempt. While half-open one at a time is let through, and is a probe: release it when it has ended.</summary>
    public bool TryEnter(out bool isProbe)
    {
        isProbe = false;
        if (Volatile.Read(ref _openUntil) == 0)
        {
            return true;
        }

        lock (_gate)
        {
            if (_openUntil == 0)
            {
                return true;
            }

            if (_probing || _openUntil > _time.GetUtcNow().UtcTicks)
            {
                return false;
            }

            isProbe = true;
            _probing = true;
        }

        _logger.BreakerHalfOpened(_deployment);
        return true;
    }

    /// <summary>The probe has ended, after its verdict was reported or without one. Once for each probe, by whoever holds it.</summary>
    public void ReleaseProbe()
    {
        lock (_gate)
        {
            _probing = false;
        }
    }

    /// <summary>
    /// An attempt has ended. While open only the probe counts, and while nobody probes any that began after the break: it knows as much. (It
    /// passed by other settings, or for want of a better deployment.) What began before knows nothing new.
    /// </summary>
    /// <param name="isProbe">It is the attempt that <see cref="TryEnter"/> called a probe, and is not released yet.</param>
    /// <param name="begunAt">When it began; null for unknown.</param>
    public void Report(HealthVerdict verdict, bool isProbe = false, DateTimeOffset? begunAt = null)
    {
        if (verdict is HealthVerdict.Undecided)
        {
            return;
        }

        var failed = verdict is HealthVerdict.Failed;
        lock (_gate)
        {
            if (_openUntil == 0)
            {
                Count(failed);
            }
            else if (_probing ? isProbe : begunAt?.UtcTicks >= _openUntil)
            {
                Judge(failed);
            }
        }
    }

    private void Count(bool failed)
    {
        var now = _time.GetUtcNow();
        _attempts.Add(1, now);
        if (failed)
        {
            _failures.Add(1, now);
        }

        if (_circuit.Opens(failed))
        {
            _shareAtOpening = Share(now);
            Open();
            _logger.BreakerOpened(_deployment, Settings.Open, _shareAtOpening, Settings.Window);
        }
    }

    private void Judge(bool failed)
    {
        _circuit.Probe(failed);
        if (failed)
        {
            Open();
            _logger.ProbeFailed(_deployment, Settings.Open);
            return;
        }

        // As Polly does: what led to the opening is forgotten, or the next failure would open it again.
        _attempts.Clear();
        _failures.Clear();
        Volatile.Write(ref _openUntil, 0);
        _logger.BreakerClosed(_deployment);
    }

    /// <summary>After the circuit has opened, so that its break is never over later than this.</summary>
    private void Open() => Volatile.Write(ref _openUntil, (_time.GetUtcNow() + Settings.Open).UtcTicks);

    private double Share(DateTimeOffset now) => _attempts.Total(now) is > 0 and var attempts ? (double)_failures.Total(now) / attempts : 0;
}

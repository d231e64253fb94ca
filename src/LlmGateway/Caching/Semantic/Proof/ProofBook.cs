using System.Data.Common;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// The controllers of all routes, and what is kept of them. A hit's label goes to the controller that decided on the hit, so one that comes after
/// the epoch has changed counts in its own epoch and in no other. A state that has changed is saved at once: a restart
/// may forget the labels of the last seconds, which says nothing about them, but never a shut-off.
/// </summary>
internal sealed class ProofBook(IProofStore store, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Lock _saving = new();
    private readonly List<ProofTransition> _untold = [];
    private readonly Dictionary<(string Route, string Epoch), ServeController> _controllers = [];

    /// <summary>Why the last save failed; null where it did not. What could not be saved stays in force, and is tried again with the next.</summary>
    public DbException? Failure { get; private set; }

    /// <summary>The controller of a route's epoch, with what is kept of it. A caller keeps it for as long as the snapshot that it came from.</summary>
    public ServeController Open(string route, ProofEpoch epoch, ProofOptions options)
    {
        var id = epoch.Id;
        lock (_lock)
        {
            if (_controllers.TryGetValue((route, id), out var known))
            {
                if (known.Configure(options) is { Count: > 0 } moved)
                {
                    _untold.AddRange(moved);
                    Save(known);
                }

                return known;
            }

            var opened = new ServeController(route, id, options, time, store.Load(route, id));
            _controllers.Add((route, id), opened);
            return opened;
        }
    }

    /// <summary>Hands a label on, and saves what it changes.</summary>
    /// <returns>States that have changed: to be logged, and alerted where serving has ended.</returns>
    public IReadOnlyList<ProofTransition> Label(ServeController controller, PendingLabel label, bool? wrong) => Keep(controller, controller.Label(label, wrong));

    /// <inheritdoc cref="ServeController.Withdraw"/>
    public IReadOnlyList<ProofTransition> Withdraw(ServeController controller, PendingLabel label) => Keep(controller, controller.Withdraw(label));

    /// <summary>Gives up late comparisons and saves what has changed; to be called every few seconds, and before the process ends.</summary>
    /// <returns>States that have changed, by that or by options since the last call.</returns>
    public IReadOnlyList<ProofTransition> Keep()
    {
        ServeController[] controllers;
        List<ProofTransition> moved;
        lock (_lock)
        {
            controllers = [.. _controllers.Values];
            moved = [.. _untold];
            _untold.Clear();
        }

        foreach (var controller in controllers)
        {
            moved.AddRange(controller.Expire());
            Save(controller);
        }

        return moved;
    }

    private IReadOnlyList<ProofTransition> Keep(ServeController controller, IReadOnlyList<ProofTransition> moved)
    {
        if (moved.Count > 0)
        {
            Save(controller);
        }

        return moved;
    }

    private void Save(ServeController controller)
    {
        // One at a time, so that an older state is never written over a newer one.
        lock (_saving)
        {
            var changed = controller.TakeChanged();
            try
            {
                store.Save(changed);
                Failure = null;
            }
            catch (DbException error)
            {
                controller.NotSaved(changed);
                Failure = error;
            }
        }
    }
}

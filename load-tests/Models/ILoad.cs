namespace LlmGateway.LoadTests.Models;

/// <summary>A way of sending requests.</summary>
internal interface ILoad
{
    /// <summary>How long after the start of <see cref="RunAsync"/> the load is at its full height.</summary>
    TimeSpan Ramp { get; }

    /// <summary>Sends until told to stop, then lets the requests that are under way come to their end.</summary>
    /// <param name="measurement">Where the requests are recorded.</param>
    /// <param name="stop">No further request is started.</param>
    /// <param name="abandon">The answers that are still outstanding are not waited for.</param>
    Task RunAsync(Measurement measurement, CancellationToken stop, CancellationToken abandon);
}

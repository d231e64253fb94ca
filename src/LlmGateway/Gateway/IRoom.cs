using LlmGateway.Catalog;
using LlmGateway.Limits;
using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>One stop on the walk of a request. Rooms run in the order in which they are composed.</summary>
internal interface IRoom
{
    /// <summary>What its part of a request is called in a trace.</summary>
    string Name { get; }

    /// <summary>Does this room's part. An error ends the walk and is written to the client in its dialect; null goes on.</summary>
    ValueTask<GatewayError?> EnterAsync(Exchange exchange);
}

/// <summary>The rooms that follow in the walk, for a room that decides how often they are entered, and by which exchange.</summary>
internal interface IWalk
{
    /// <summary>Enters them one after the other, and tells who wants to know that the exchange has ended. An error is not yet written to anybody.</summary>
    ValueTask<GatewayError?> GoOnAsync(Exchange exchange);
}

/// <summary>A room from which a request need not go on to the next: it is answered here, or shares what another one walks for.</summary>
internal interface IBranchingRoom : IRoom
{
    /// <summary>Sees the exchange to its end: it enters <paramref name="rest"/> itself, or not at all.</summary>
    ValueTask<GatewayError?> EnterAsync(Exchange exchange, IWalk rest);
}

/// <summary>
/// What a room does around each attempt: metering takes the price in force, the ledger its intent; and when the attempt has ended,
/// cost and settlement. Observers run in the order in which they are composed.
/// </summary>
internal interface IAttemptObserver
{
    /// <summary>Before the first byte goes to the provider. An error refuses the attempt: nothing is sent.</summary>
    GatewayError? Starting(Exchange exchange, Attempt attempt);

    /// <summary>
    /// Once an attempt, when its outcome is known and before the client sees the end of the answer. Must not throw,
    /// and must not depend on the client still being there.
    /// </summary>
    ValueTask EndedAsync(Exchange exchange, Attempt attempt);
}

/// <summary>Whether what is held for an exchange covers one more attempt; asked before each.</summary>
internal interface IAttemptAdmission
{
    /// <summary>Takes the attempt's share of what is held, or holds more. An error refuses the attempt.</summary>
    /// <param name="share">Goes with the attempt; null where nothing is held, or the attempt is refused at once.</param>
    ValueTask<GatewayError?> AdmitAsync(Exchange exchange, Deployment deployment, out AttemptShare? share);

    /// <summary>The attempt is not made after all.</summary>
    void Dismiss(AttemptShare share);
}

/// <summary>What a room does when an exchange ends.</summary>
internal interface IExchangeObserver
{
    /// <summary>Once an exchange that came as far as the rooms of attempts, before the client is told of an error; whatever could be answered has been. Must not throw.</summary>
    void Ending(Exchange exchange);
}

/// <summary>The durable trace of an attempt in flight.</summary>
internal interface IIntent
{
    /// <summary>How much text has come so far, in UTF-8 bytes: what a restart after a crash estimates from. Cheap enough for every event.</summary>
    void Received(long textBytes);
}

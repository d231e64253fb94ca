using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>One stop on the walk of a request. Rooms run in the order in which they are composed.</summary>
internal interface IRoom
{
    /// <summary>Does this room's part. An error ends the walk and is written to the client in its dialect; null goes on.</summary>
    ValueTask<GatewayError?> EnterAsync(Exchange exchange);
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

/// <summary>The durable trace of an attempt in flight.</summary>
internal interface IIntent
{
    /// <summary>How much text has come so far, in UTF-8 bytes: what a restart after a crash estimates from. Cheap enough for every event.</summary>
    void Received(long textBytes);
}

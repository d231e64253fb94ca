using LlmGateway.Upstream;

namespace LlmGateway.Gateway;

/// <summary>Is given the answer of an exchange, to keep it for others.</summary>
internal interface IAnswerKeeper
{
    /// <summary>Largest answer to put aside, in bytes; 0 for none.</summary>
    int Most { get; }

    /// <summary>
    /// The provider has given a whole answer, and its cost is known. The client has not seen its end yet: who asks again once it has finds the answer
    /// kept. Must not throw.
    /// </summary>
    void Answered(Exchange exchange, Attempt attempt);
}

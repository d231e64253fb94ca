namespace LlmGateway.LoadTests.Http;

/// <summary>Why a request does not count as answered.</summary>
internal enum Failure
{
    None,

    /// <summary>The status was not 200.</summary>
    Status,

    /// <summary>No connection, or it broke before the answer began.</summary>
    Connection,

    /// <summary>The answer broke off, or a stream ended without a token or without <c>[DONE]</c>.</summary>
    Truncated,

    /// <summary>The bytes were no HTTP answer.</summary>
    Malformed,

    /// <summary>The answer was not there when the driver stopped waiting.</summary>
    Unfinished,
}

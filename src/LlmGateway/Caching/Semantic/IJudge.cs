namespace LlmGateway.Caching.Semantic;

/// <summary>Asks a model whether an answer that was found by meaning would have done.</summary>
internal interface IJudge
{
    /// <summary>
    /// True where it would have, false where it would have been wrong, null where that could not be told. Asked off the path of requests, one at a time; the
    /// call is booked to the asker. It may throw as well: that is taken for null.
    /// </summary>
    ValueTask<bool?> SameAsync(JudgeCase @case, CancellationToken cancellation);
}

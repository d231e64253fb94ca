using Microsoft.Extensions.Primitives;

namespace LlmGateway.Caching.Sharing;

/// <summary>Status and headers of an answer that several clients get.</summary>
/// <param name="Headers">All that the run set, for its own exchange.</param>
internal sealed record AnswerHead(int Status, string? ContentType, long? ContentLength, KeyValuePair<string, StringValues>[] Headers)
{
    /// <summary>Each event is to go out when it comes.</summary>
    public bool IsStream => ContentLength is null;
}

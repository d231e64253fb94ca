using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Reads an answer that came in one body.</summary>
public static class WholeAnswer
{
    /// <summary>
    /// Brings a whole answer into the form in which it is kept: as clients would get it, without blanks, ids and padding, and with a finish
    /// reason of OpenAI's. False for one that tells of a failure, or holds what no client of OpenAI would understand.
    /// </summary>
    /// <param name="body">The body; blank lines and a byte order mark before it are forgiven.</param>
    /// <param name="document">The document, for <see cref="WholeWriter"/> and <see cref="StreamedWriter"/>.</param>
    /// <param name="summary">What decides whether it may be kept.</param>
    public static bool TryRead(ReadOnlySpan<byte> body, [NotNullWhen(true)] out byte[]? document, out AnswerSummary summary)
    {
        // A document is hardly longer than the body: names are added, blanks are taken off.
        var parts = new AnswerParts(new ByteBudget(int.MaxValue));
        try
        {
            if (parts.TryAdd(body))
                return parts.TryWrite(out document, out summary);
        }
        catch (JsonException)
        {
            // Not JSON to its end.
        }

        document = null;
        summary = default;
        return false;
    }
}

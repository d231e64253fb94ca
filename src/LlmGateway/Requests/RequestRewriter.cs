using System.Globalization;
using System.Text;

namespace LlmGateway.Requests;

/// <summary>
/// Makes what an attempt sends from the untouched original: the deployment's model for the route's, our own members gone, and usage asked
/// for in a stream, and, to go on with an answer, that answer's beginning as the last message. Nothing else changes by a byte.
/// </summary>
internal static class RequestRewriter
{
    private static readonly byte[] MaxTokensName = "\"max_tokens\":"u8.ToArray();
    private static readonly byte[] MaxCompletionTokensName = "\"max_completion_tokens\":"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();
    private static readonly byte[] AskUsageObject = """{"include_usage":true}"""u8.ToArray();
    private static readonly byte[] AskUsageMember = "\"include_usage\":true"u8.ToArray();
    private static readonly byte[] AskUsageMemberBefore = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] StreamOptionsMemberBefore = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();

    /// <param name="request">The original.</param>
    /// <param name="model">The model as a JSON string, quotes included.</param>
    /// <param name="askUsage">Ask for usage where the client streams and did not ask.</param>
    /// <param name="prefix">The beginning of the answer that is to be gone on with; the default for none.</param>
    /// <param name="bound">On the output, where the client set none, and by which name the provider takes one.</param>
    public static OutgoingBody Rewrite(
        InferenceRequest request, ReadOnlyMemory<byte> model, bool askUsage, PrefixMessage prefix = default, AddedBound bound = default)
    {
        var marks = request.Marks;
        var edits = new EditList();
        edits.Add(marks.Model, model);
        foreach (var ours in marks.Ours)
        {
            edits.Add(ours, default);
        }

        if (askUsage && request.Stream && !request.IncludeUsage)
        {
            var (range, text) = UsageEdit(request.Body.Span, marks);
            edits.Add(range, text);
        }

        if (prefix.Exists)
        {
            edits.Add(new BodyRange(marks.AfterOpeningBrace, 0), prefix.Members);
            edits.Add(new BodyRange(marks.MessagesEnd, 0), prefix.Message);

            // What has been delivered counts: the client's bound is on the whole answer.
            Lower(ref edits, marks.MaxTokens, prefix.Tokens);
            Lower(ref edits, marks.MaxCompletionTokens, prefix.Tokens);
        }

        if (request.IsTranslated && bound.AsCompletionTokens)
        {
            Rename(ref edits, request.Body.Span, marks.MaxTokens);
        }

        if (bound.Tokens > 0)
        {
            Bound(ref edits, marks, bound, Math.Max(1, bound.Tokens - prefix.Tokens));
        }

        return edits.Apply(request.Body, request.Owner);
    }

    /// <summary>One of the two names, whatever the client wrote in place of a bound; the other must not be there beside it.</summary>
    private static void Bound(ref EditList edits, BodyMarks marks, AddedBound bound, long tokens)
    {
        var value = Encoding.ASCII.GetBytes(tokens.ToString(CultureInfo.InvariantCulture));
        var written = bound.AsCompletionTokens ? marks.UnboundMaxCompletionTokens : marks.UnboundMaxTokens;
        if (written.Exists)
        {
            edits.Add(written, value);
            return;
        }

        var name = bound.AsCompletionTokens ? MaxCompletionTokensName : MaxTokensName;
        edits.Add(new BodyRange(marks.AfterOpeningBrace, 0), (byte[])[.. name, .. value, (byte)',']);
    }

    /// <summary>A translated request has its bound under one name, which not every provider takes; what a client wrote itself is its own affair.</summary>
    private static void Rename(ref EditList edits, ReadOnlySpan<byte> body, OutputBound bound)
    {
        var name = new BodyRange(bound.Range.Start - MaxTokensName.Length, MaxTokensName.Length);
        if (bound.Range.Exists && name.Start >= 0 && body.Slice(name.Start, name.Length).SequenceEqual(MaxTokensName))
        {
            edits.Add(name, MaxCompletionTokensName);
        }
    }

    private static void Lower(ref EditList edits, OutputBound bound, long by)
    {
        if (bound.Range.Exists)
        {
            edits.Add(bound.Range, Encoding.ASCII.GetBytes(Math.Max(1, bound.Tokens - by).ToString(CultureInfo.InvariantCulture)));
        }
    }

    private static (BodyRange Range, byte[] Text) UsageEdit(ReadOnlySpan<byte> body, BodyMarks marks)
    {
        if (marks.IncludeUsage.Exists)
        {
            return (marks.IncludeUsage, True);
        }

        var options = marks.StreamOptions;
        if (!options.Exists)
        {
            // There is always a member behind it: the model.
            return (new BodyRange(marks.AfterOpeningBrace, 0), StreamOptionsMemberBefore);
        }

        if (body[options.Start] != (byte)'{')
        {
            return (options, AskUsageObject);
        }

        var inside = body.Slice(options.Start + 1, options.Length - 2).Trim(" \t\r\n"u8);
        return (new BodyRange(options.Start + 1, 0), inside.IsEmpty ? AskUsageMember : AskUsageMemberBefore);
    }
}

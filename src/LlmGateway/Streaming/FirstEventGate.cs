using System.Net;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>Lets an answer through when its first meaningful event, or its whole body, is here and good.</summary>
internal sealed class FirstEventGate(StreamingMetrics metrics) : IAnswerGate
{
    private const string EventStreamType = "text/event-stream";

    public async ValueTask<Answer?> OpenAsync(Exchange exchange, Attempt attempt, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var streamed = response.Content.Headers.ContentType?.MediaType == EventStreamType;
        var source = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (!streamed)
        {
            return await ReadWholeAsync(exchange, attempt, source, cancellationToken);
        }

        if (!exchange.Request!.Stream)
        {
            attempt.Fail(ErrorClass.BadGateway, detail: "it streamed an answer that was not to be streamed");
            return null;
        }

        var events = new EventStream(exchange, attempt, source, metrics);
        var opened = false;
        try
        {
            opened = await events.OpenAsync(cancellationToken);
            return opened ? new Answer { Stream = new EventContent(events), ContentType = "text/event-stream; charset=utf-8" } : null;
        }
        finally
        {
            if (!opened)
            {
                await events.DisposeAsync();
            }
        }
    }

    private static async ValueTask<Answer?> ReadWholeAsync(Exchange exchange, Attempt attempt, Stream source, CancellationToken cancellationToken)
    {
        var limit = exchange.Snapshot.Server.MaxResponseBody;
        var body = new PooledBody(4096);
        try
        {
            int read;
            while ((read = await source.ReadAsync(body.Free(), cancellationToken)) > 0)
            {
                body.Advance(read);
                if (body.Length > limit)
                {
                    attempt.Fail(ErrorClass.BadGateway, detail: $"its answer is larger than {limit} bytes (server.max_response_body)");
                    return null;
                }
            }

            if (!Accept(exchange, attempt, body))
            {
                return null;
            }

            attempt.FirstEventAt = attempt.Clock.Now;
            var answer = new Answer { Body = body, ContentType = "application/json" };
            body = null;
            return answer;
        }
        finally
        {
            body?.Dispose();
        }
    }

    private static bool Accept(Exchange exchange, Attempt attempt, PooledBody body)
    {
        var profile = OpenAIUsageReader.ProfileFor(attempt.Deployment.Provider.Profile);
        AnswerScanner.Scan(body.Span, out var facts, profile);
        if (facts.HasUsage)
        {
            attempt.Measured(facts.Usage);
        }

        if (facts.HasError)
        {
            attempt.FailInside(body.Span, in facts);
            return false;
        }

        if (WhyBroken(exchange, facts) is { } reason)
        {
            attempt.Fail(ErrorClass.BadGateway, detail: reason);
            return false;
        }

        if (!facts.Model.IsEmpty)
        {
            attempt.ModelAnswered = AnswerFacts.ModelName(facts.Model.In(body.Span), attempt.Deployment.Model);
        }

        if (facts.FinishReason is not FinishReason.None)
        {
            attempt.FinishReason = AnswerFacts.FinishReasonName(facts.FinishReason, facts.FinishReasonValue.In(body.Span));
        }

        // Every choice has one of its own.
        while (!facts.ForeignFinishReason.IsEmpty)
        {
            var foreign = facts.ForeignFinishReason;
            body.Replace(foreign.Offset, foreign.Length, AnswerFacts.Legal(foreign.In(body.Span)));
            AnswerScanner.Scan(body.Span, out facts, profile);
        }

        if (!facts.HasUsage || (facts.Usage.OutputTokens == 0 && facts.HasContent))
        {
            KeepText(attempt, body, profile);
        }

        return true;
    }

    private static string? WhyBroken(Exchange exchange, in ChatChunkFacts facts)
    {
        if (facts.IsMalformed)
        {
            return "its answer is not JSON";
        }

        if (exchange.Request!.Stream)
        {
            return "it did not stream an answer that was to be streamed";
        }

        // A 200 from something that is no provider at all, a login page's API say, must not pass for an answer and be billed.
        return exchange.Endpoint is not EndpointKind.Embeddings && !facts.HasChoices ? "its answer has no choices" : null;
    }

    /// <summary>No usage, or none of the output: the text is what an estimate will be made of.</summary>
    private static void KeepText(Attempt attempt, PooledBody body, OpenAIUsageProfile profile)
    {
        using var text = new TextKeeper();
        AnswerScanner.Scan(body.Span, out _, profile, text);
        attempt.ReceivedTextBytes = text.Seen;
        attempt.ReceivedText = text.Kept.ToArray();
    }

    /// <summary>Gives YARP the events to copy.</summary>
    private sealed class EventContent(EventStream events) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(events);

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => events.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                events.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}

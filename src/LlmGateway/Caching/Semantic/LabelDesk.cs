using System.Threading.Channels;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Proof;

namespace LlmGateway.Caching.Semantic;

/// <summary>
/// Holds answers that were found against real ones, one after the other, beside the requests. What there is no room for is not compared, and counts as
/// unjudged.
/// </summary>
internal sealed class LabelDesk(
    ProofBook book, AnswerComparison comparison, IEntryStore store, ProofNews news, SemanticMetrics metrics, SemanticOptions options, TimeProvider time, ILogger<LabelDesk> logger)
{
    private readonly Channel<LabelJob> _waiting = Channel.CreateBounded<LabelJob>(new BoundedChannelOptions(options.MostWaiting) { SingleReader = true });
    private long _bytes;

    public void Take(LabelJob job)
    {
        if (Interlocked.Add(ref _bytes, job.Bytes) <= options.MostWaitingBytes && _waiting.Writer.TryWrite(job))
        {
            return;
        }

        Interlocked.Add(ref _bytes, -job.Bytes);

        metrics.Dropped(job.Question.Route.Route.Name);
        if (job.Label is { } label)
        {
            GiveUp(job.Question, label);
        }
    }

    /// <summary>There will be no real answer to a hit.</summary>
    public void GiveUp(SemanticQuestion question, PendingLabel label) => Label(question, label, right: null);

    /// <summary>Nor one to a hit that was not served, for a reason that says nothing about it.</summary>
    public void Withdraw(SemanticQuestion question, PendingLabel label) => news.Tell(book.Withdraw(question.Route.Controller!, label));

    /// <summary>Compares until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(stopping))
        {
            await CompareAsync(job, stopping);
            Interlocked.Add(ref _bytes, -job.Bytes);
        }
    }

    private async Task CompareAsync(LabelJob job, CancellationToken stopping)
    {
        var (question, route) = (job.Question, job.Question.Route);
        var right = await JudgeAsync(job, stopping);
        if (job.Label is { } label)
        {
            Label(question, label, right);
        }
        else
        {
            metrics.Labelled(route.Route.Name, "near_miss", right);
            if (right is { } known)
            {
                route.Counts.NearLabelled(known);
            }
        }

        if (right is true && question.Asker.IsNot(job.Found.Writer))
        {
            question.Route.Entries!.Confirm(job.Found);
        }
    }

    private async ValueTask<bool?> JudgeAsync(LabelJob job, CancellationToken stopping)
    {
        try
        {
            using var deadline = new CancellationTokenSource(options.LabelDeadline, time);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping, deadline.Token);
            var found = job.FoundAnswer ?? await store.FindAsync(job.Found.Key, ended.Token);
            return found is null ? null : await comparison.SameAsync(job.Question, job.Found, found, job.Real, ended.Token);
        }
        catch (Exception failure)
        {
            logger.NotCompared(failure, job.Question.Route.Route.Name);
            return null;
        }
    }

    private void Label(SemanticQuestion question, PendingLabel label, bool? right)
    {
        metrics.Labelled(question.Route.Route.Name, "hit", right);
        news.Tell(book.Label(question.Route.Controller!, label, !right));
        if (book.Failure is { } failure)
        {
            logger.ProofsNotSaved(failure);
        }
    }
}

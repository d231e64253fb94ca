using System.Runtime.CompilerServices;
using LlmGateway.Caching.Entries;
using LlmGateway.Gateway;

namespace LlmGateway.Caching.Sharing;

/// <summary>
/// One walk through the rooms that follow, for all who ask the same at the time. It belongs to nobody: whoever leaves, it goes on for the others, and
/// it ends when nobody is left.
/// </summary>
internal sealed class SharedRun : IDisposable
{
    private readonly RunResponse _response;
    private readonly Drain? _drain;
    private readonly ILogger _logger;
    private volatile StrongBox<CachedAnswer>? _answer;

    /// <param name="leader">Whose request it is. The body of that request must stay until the run has ended.</param>
    /// <param name="round">How many runs for the same have failed just before.</param>
    /// <param name="pinned">It goes on without any reader.</param>
    public SharedRun(Exchange leader, SharingOptions options, ILogger logger, int round = 0, bool pinned = false)
    {
        Log = new AnswerLog(options, pinned) { Abandoned = Abort };
        _response = new RunResponse(Log);
        _drain = leader.Drain;
        _logger = logger;
        Round = round;
        Exchange = leader.Branch(RunContext.Of(leader.Http, _response));
    }

    /// <summary>What was done, for whoever led.</summary>
    public Exchange Exchange { get; }

    public AnswerLog Log { get; }

    public int Round { get; }

    /// <summary>The purges that were known when it began.</summary>
    public PurgeStamp Stamp { get; init; }

    /// <summary>Told when its answer is kept: who comes from then on finds it there.</summary>
    public Action? Kept { get; set; }

    /// <summary>It was not begun after all: what it would have asked for is kept by now.</summary>
    public bool IsNeedless { get; private set; }

    /// <summary>Why there is no answer; null while there may be one.</summary>
    public GatewayError? Error => Exchange.Error;

    /// <summary>Who gave the answer and what it came to, once that is known: before the last of it can be read.</summary>
    /// <remarks>Readers look while it is set, and must not see a part of it.</remarks>
    public CachedAnswer? Answer
    {
        get => _answer?.Value;
        set => _answer = value is { } known ? new StrongBox<CachedAnswer>(known) : null;
    }

    /// <summary>All limits and budgets see the same in that exchange as in the one that leads.</summary>
    public bool IsAskedAs(Exchange other) => Exchange.Key?.Id == other.Key?.Id && Exchange.Tags.Span.SequenceEqual(other.Tags.Span);

    /// <summary>Walks, to the end. Never throws.</summary>
    public async Task WalkAsync(IWalk rest, Action<SharedRun> ended)
    {
        var how = ReadState.Broken;
        try
        {
            _drain?.Watch(Exchange);
            Exchange.Error = await rest.GoOnAsync(Exchange);
            how = _response.RequestAborted.IsCancellationRequested ? ReadState.Broken
                : _response.HasStarted ? ReadState.End
                : Exchange.Error is not null ? ReadState.Failed
                : ReadState.Broken;
        }
        catch (OperationCanceledException) when (_response.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left, or the gateway stops.
        }
        catch (Exception defect)
        {
            Exchange.Error = GatewayErrors.Internal(Exchange.RequestId);
            _logger.RunFailed(defect, Exchange.RequestId);
            how = _response.HasStarted ? ReadState.Broken : ReadState.Failed;
        }
        finally
        {
            ended(this);
            Log.End(how);
            Drain.LetGo(Exchange);
            Dispose();
        }
    }

    /// <summary>In the place of <see cref="WalkAsync"/>.</summary>
    public void Spare()
    {
        IsNeedless = true;
        Log.End(ReadState.Failed);
        Dispose();
    }

    /// <summary>Nobody wants it any more.</summary>
    public void Abort() => _response.Abort();

    public void Dispose() => _response.Dispose();
}

using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGateway.Caching.Sharing;

/// <summary>The response of a run, which no client is sent itself: it goes into the log that clients read.</summary>
internal sealed class RunResponse : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly AnswerLog _log;
    private readonly CancellationTokenSource _aborted = new();
    private PipeWriter? _writer;

    public RunResponse(AnswerLog log)
    {
        _log = log;
        Stream = new RunBody(this);
        Body = Stream;
        RequestAborted = _aborted.Token;
    }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public Stream Body { get; set; }

    public bool HasStarted { get; private set; }

    public Stream Stream { get; }

    public PipeWriter Writer => _writer ??= PipeWriter.Create(Stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Nobody wants the answer any more, or nobody may.</summary>
    public CancellationToken RequestAborted { get; set; }

    public void Abort()
    {
        try
        {
            _aborted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    public void OnStarting(Func<object, Task> callback, object state)
    {
        // Nothing of ours asks for it.
    }

    public void OnCompleted(Func<object, Task> callback, object state)
    {
        // As above.
    }

    public void DisableBuffering()
    {
        // There is none.
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        Start();
        return Task.CompletedTask;
    }

    public async Task CompleteAsync()
    {
        Start();
        if (_writer is not null)
        {
            await _writer.CompleteAsync();
        }
    }

    public void Dispose() => _aborted.Dispose();

    internal ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _aborted.Token.ThrowIfCancellationRequested();
        Start();
        return _log.AppendAsync(bytes.Span, cancellation.CanBeCanceled ? cancellation : _aborted.Token);
    }

    private void Start()
    {
        if (HasStarted)
        {
            return;
        }

        HasStarted = true;
        _log.Begin(new AnswerHead(StatusCode, Headers.ContentType, Headers.ContentLength, [.. Headers]));
    }
}

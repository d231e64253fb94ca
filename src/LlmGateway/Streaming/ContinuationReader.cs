using System.Buffers;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Sse;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>Where the reading of a continuation stands.</summary>
internal enum Passage
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>The answer is whole.</summary>
    Whole,

    /// <summary>It failed too; how is on its attempt.</summary>
    Failed,

    /// <summary>It says something other than was delivered.</summary>
    Departed,
}

/// <summary>Reads the stream of one deployment that goes on with an answer, and puts what the client needs of it into the client's buffer.</summary>
internal sealed class ContinuationReader : IDisposable
{
    private readonly Exchange _exchange;
    private readonly Continuation _continuation;
    private readonly EventBuffer _buffer = new();
    private readonly EventReader _reader;
    private readonly UsageTap _tap;
    private readonly Seam _seam;
    private readonly ArrayBufferWriter<byte> _frame = new(512);
    private readonly CancellationTokenSource _beforeFirstEvent;
    private readonly long _prefixTokens;
    private CancellationToken _reading;
    private Stream? _source;

    public ContinuationReader(Exchange exchange, Continuation continuation, Delivered delivered)
    {
        _exchange = exchange;
        _continuation = continuation;
        _reader = new EventReader(Attempt, _buffer);
        _tap = new UsageTap(exchange, Attempt, _buffer);

        // Mistral alone gives the prefix back at the head of its answer.
        _seam = new Seam(delivered, repeats: !continuation.FromPrefix || Attempt.Deployment.Provider.Profile == "mistral");
        _prefixTokens = continuation.FromPrefix ? ResumedUsage.TokensOf(delivered.Content.WrittenCount) : 0;
        _beforeFirstEvent = CancellationTokenSource.CreateLinkedTokenSource(Attempt.Clock.Token, exchange.Http.RequestAborted);
        _reading = _beforeFirstEvent.Token;
    }

    public Attempt Attempt => _continuation.Attempt;

    /// <summary>Reads until there is something in the client's buffer, or to the end.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask<Passage> ReadAsync(EventBuffer client)
    {
        while (true)
        {
            while (_reader.TryRead(out var ev))
            {
                if (Take(ev, client) is not Passage.Open and var end)
                {
                    return end;
                }
            }

            if (client.ReadyLength > 0)
            {
                return Passage.Open;
            }

            if (_reader.Ended)
            {
                return End();
            }

            if (!await FillAsync())
            {
                return _seam.Finished ? Passage.Whole : Passage.Failed;
            }
        }
    }

    /// <summary>The usage that the client is told, where one was reported.</summary>
    public void WriteUsage(EventBuffer client)
    {
        if (!_seam.Usage.IsEmpty)
        {
            _seam.WriteUsage(_prefixTokens, Attempt.Usage.FreshInputTokens, UsageCost.Of(_exchange, Attempt), _frame);
            client.Finish(_frame.WrittenSpan);
        }
    }

    /// <summary>Books the attempt, whose outcome is known, and lets go of its connection.</summary>
    public async ValueTask CloseAsync()
    {
        _tap.Settle();
        await Attempt.SettleAsync();
        Dispose();
        Attempt.Clock.Dispose();
    }

    public void Dispose()
    {
        // The text may still be needed for an estimate: an attempt that the client cut short is settled after its stream.
        _tap.Settle();
        _source?.Dispose();
        _continuation.Dispose();
        _buffer.Dispose();
        _beforeFirstEvent.Dispose();
    }

    private async ValueTask<bool> FillAsync()
    {
        try
        {
            _source ??= await _continuation.Response.Content.ReadAsStreamAsync(_reading);
            _reader.Filled(await _source.ReadAsync(_reader.Room(), _reading));
            return true;
        }
        catch (Exception exception) when (!_exchange.Http.RequestAborted.IsCancellationRequested)
        {
            if (!_seam.Finished)
            {
                _reader.Fail(exception);
            }

            return false;
        }
    }

    private Passage Take(SseEvent ev, EventBuffer client)
    {
        if (ev.IsDone)
        {
            return End();
        }

        var length = ev.Length;
        if (ev.HasData)
        {
            var meaning = _tap.Read(ev, out var data, out length, out var facts);
            if (meaning is EventMeaning.Failure)
            {
                return Passage.Failed;
            }

            if (meaning is EventMeaning.Content && Attempt.FirstEventAt is null)
            {
                Attempt.FirstEventAt = Attempt.Clock.Now;
                _reading = Attempt.Clock.FirstEventCame(_exchange.Http.RequestAborted);
            }

            var result = facts.IsMalformed ? SeamResult.Nothing : _seam.Write(data.In(_buffer.Raw), _frame);
            if (result is SeamResult.Departed)
            {
                return Passage.Departed;
            }

            if (result is SeamResult.Written)
            {
                client.Finish(_frame.WrittenSpan);
            }
        }
        else if (!ev.IsUnterminated)
        {
            // Comments keep the client's connection alive while what it has is caught up with.
            client.Finish(_buffer.Raw[..length]);
        }

        _buffer.Drop(length);
        return Passage.Open;
    }

    private Passage End()
    {
        if (_seam.Finished)
        {
            return Passage.Whole;
        }

        _tap.Unfinished();
        return Passage.Failed;
    }
}

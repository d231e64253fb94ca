using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Sse;
using LlmGateway.Upstream;

namespace LlmGateway.Streaming;

/// <summary>The provider's side of a stream: bytes into a buffer, events out of it, and how the reading of them failed.</summary>
internal sealed class EventReader(Attempt attempt, EventBuffer buffer)
{
    private readonly SseFramer _framer = new();

    /// <summary>The provider has sent its last byte.</summary>
    public bool Ended { get; private set; }

    /// <summary>The event at the front of the raw bytes; false when more must be read, or at the end when none is left.</summary>
    public bool TryRead(out SseEvent ev) => _framer.TryReadEvent(buffer.Raw, Ended, out ev);

    /// <summary>Room for a read that begins now.</summary>
    /// <exception cref="InvalidDataException">One event has grown past all bounds.</exception>
    public Memory<byte> Room()
    {
        var free = buffer.Free();
        if (free.IsEmpty)
        {
            throw new InvalidDataException($"An event is larger than {EventBuffer.MaxEvent} bytes.");
        }

        attempt.Clock.ReadBegins();
        return free;
    }

    public void Filled(int read)
    {
        attempt.Clock.ReadEnds();
        buffer.Filled(read);
        Ended = read == 0;
    }

    /// <summary>The provider's side broke, and the client is still there.</summary>
    public void Fail(Exception exception)
    {
        if (exception is InvalidDataException)
        {
            attempt.Fail(ErrorClass.BadGateway, detail: "it sent an event that is too large");
        }
        else
        {
            attempt.Break(exception, clientLeft: false);
        }
    }
}

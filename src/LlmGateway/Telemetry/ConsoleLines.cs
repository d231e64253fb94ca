using System.Buffers;
using System.Globalization;
using System.Text.Unicode;

namespace LlmGateway.Telemetry;

/// <summary>
/// Standard output behind a buffer that a timer empties. The loggers at hand wake a thread for each line, which showed
/// in the processor time of a request at thousands of lines a second. What is an error or worse goes out at once.
/// </summary>
internal sealed class ConsoleLines : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>Beyond this the line that comes pays for the write, so that a stuck terminal holds the gateway back and not its memory.</summary>
    private const int Full = 64 * 1024;

    private readonly Stream _output;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private readonly ArrayBufferWriter<byte> _buffer = new(Full);

    public ConsoleLines(Stream output, TimeProvider time)
    {
        _output = output;
        _timer = time.CreateTimer(static state => ((ConsoleLines)state!).Flush(), this, Interval, Interval);
    }

    /// <summary>A line of text, straight into the buffer: as a string of its own it was a fifteenth of what a request allocates.</summary>
    public void Write(DateTimeOffset time, string level, string category, int eventId, string message, string? error, bool atOnce)
    {
        const int MostBytesPerChar = 3;
        const int Rest = 64;
        lock (_gate)
        {
            var room = _buffer.GetSpan(Rest + MostBytesPerChar * (category.Length + message.Length + (error?.Length ?? 0)));
            Utf8.TryWrite(
                room,
                CultureInfo.InvariantCulture,
                $"{time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {level} {category}[{eventId}] {message}{(error is null ? "" : "\n")}{error}\n",
                out var written);
            Written(written, atOnce);
        }
    }

    public void Write(ReadOnlySpan<byte> line, bool atOnce)
    {
        lock (_gate)
        {
            line.CopyTo(_buffer.GetSpan(line.Length));
            Written(line.Length, atOnce);
        }
    }

    public void Flush()
    {
        lock (_gate)
        {
            WriteOut();
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
    }

    private void Written(int bytes, bool atOnce)
    {
        _buffer.Advance(bytes);
        if (atOnce || _buffer.WrittenCount >= Full)
        {
            WriteOut();
        }
    }

    private void WriteOut()
    {
        if (_buffer.WrittenCount == 0)
        {
            return;
        }

        try
        {
            _output.Write(_buffer.WrittenSpan);
            _output.Flush();
        }
        catch (IOException)
        {
            // Nobody reads standard output any more. That must not end the gateway.
        }

        _buffer.ResetWrittenCount();
    }
}

using System.Buffers;
using System.Text;

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

    public void Write(string text, bool atOnce)
    {
        lock (_gate)
        {
            Encoding.UTF8.GetBytes(text, _buffer);
            if (atOnce || _buffer.WrittenCount >= Full)
            {
                WriteOut();
            }
        }
    }

    public void Write(ReadOnlySpan<byte> line, bool atOnce)
    {
        lock (_gate)
        {
            _buffer.Write(line);
            if (atOnce || _buffer.WrittenCount >= Full)
            {
                WriteOut();
            }
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

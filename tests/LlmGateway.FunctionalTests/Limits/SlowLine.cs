using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Between a node and Redis: each answer takes a while longer, and none waits for another.</summary>
internal sealed class SlowLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private TimeSpan _delay;
    private TimeSpan _most;
    private long _since;
    private int _answers;

    public SlowLine(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>How long an answer takes that comes now.</summary>
    public TimeSpan Delay
    {
        get => _since == 0 ? _delay : TimeSpan.FromTicks(Math.Min(_most.Ticks, (_delay + (Stopwatch.GetElapsedTime(_since) / 2)).Ticks));
        set => (_since, _delay) = (0, value);
    }

    /// <summary>How many have come through, or several that came at once.</summary>
    public int Answers => Volatile.Read(ref _answers);

    /// <summary>From now on each answer takes longer than the one before, by half a second with every second, until they take that long.</summary>
    public void Grow(TimeSpan most) => (_most, _since) = (most, Stopwatch.GetTimestamp());

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            var near = await _listener.AcceptTcpClientAsync();
            var far = new TcpClient();
            await far.ConnectAsync(_target);
            _ = near.GetStream().CopyToAsync(far.GetStream()).ContinueWith(_ => far.Close(), TaskScheduler.Default);
            var answers = Channel.CreateUnbounded<(long Came, TimeSpan Delay, byte[] Bytes)>();
            _ = ReadAsync(far.GetStream(), answers.Writer);
            _ = WriteAsync(answers.Reader, near);
        }
    }

    private async Task ReadAsync(NetworkStream from, ChannelWriter<(long Came, TimeSpan Delay, byte[] Bytes)> into)
    {
        try
        {
            var buffer = new byte[1 << 16];
            while (await from.ReadAsync(buffer) is > 0 and var read)
            {
                into.TryWrite((Stopwatch.GetTimestamp(), Delay, buffer[..read]));
            }
        }
        finally
        {
            into.Complete();
        }
    }

    private async Task WriteAsync(ChannelReader<(long Came, TimeSpan Delay, byte[] Bytes)> answers, TcpClient into)
    {
        await foreach (var (came, delay, bytes) in answers.ReadAllAsync())
        {
            if (delay - Stopwatch.GetElapsedTime(came) is { Ticks: > 0 } rest)
            {
                await Task.Delay(rest);
            }

            await into.GetStream().WriteAsync(bytes);
            Interlocked.Increment(ref _answers);
        }

        into.Close();
    }
}

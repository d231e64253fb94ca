using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A stream that a test reads piece by piece, and may leave.</summary>
internal sealed class OpenStream(HttpResponseMessage answer, Stream stream, CancellationToken soon) : IDisposable
{
    private readonly StringBuilder _text = new();
    private readonly byte[] _buffer = new byte[4096];

    public static async Task<OpenStream> AskAsync(FailoverRig rig)
    {
        var answer = await rig.Gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "faulty"), HttpCompletionOption.ResponseHeadersRead);
        return new OpenStream(answer, await answer.Content.ReadAsStreamAsync(rig.Gateway.Soon), rig.Gateway.Soon);
    }

    public async Task ReadUntilAsync(string word)
    {
        while (!_text.ToString().Contains(word, StringComparison.Ordinal))
        {
            Assert.True(await ReadAsync(soon), $"The stream ended before `{word}`: {_text}");
        }
    }

    public async Task<Received> ReadToEndAsync()
    {
        while (await ReadAsync(soon))
        {
        }

        return Received.From(answer, _text.ToString());
    }

    /// <summary>A read that is given up closes the connection at once; an answer that is only disposed of is drained first.</summary>
    public async Task LeaveAsync()
    {
        using var leave = new CancellationTokenSource();
        var reading = ReadOnAsync(leave.Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    public void Dispose()
    {
        stream.Dispose();
        answer.Dispose();
    }

    private async Task ReadOnAsync(CancellationToken left)
    {
        while (await ReadAsync(left))
        {
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        var read = await stream.ReadAsync(_buffer, cancellation);
        _text.Append(Encoding.UTF8.GetString(_buffer, 0, read));
        return read > 0;
    }
}

using System.Net;
using System.Net.Sockets;

namespace LlmGateway.FunctionalTests.Limits;

/// <summary>Between a node and Redis, and can be cut: for this node alone Redis is then away.</summary>
internal sealed class CutLine : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _target;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _clients = [];
    private bool _isCut;

    public CutLine(string target)
    {
        _target = IPEndPoint.Parse(target);
        _listener.Start();
        _ = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Cut()
    {
        lock (_gate)
        {
            _isCut = true;
            _clients.ForEach(static client => client.Dispose());
            _clients.Clear();
        }
    }

    public void Mend()
    {
        lock (_gate)
        {
            _isCut = false;
        }
    }

    public void Dispose()
    {
        Cut();
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ConnectAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task ConnectAsync(TcpClient near)
    {
        var far = new TcpClient();
        lock (_gate)
        {
            if (_isCut)
            {
                near.Dispose();
                return;
            }

            _clients.AddRange([near, far]);
        }

        try
        {
            await far.ConnectAsync(_target);
            await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
        }
        catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It was cut.
        }
        finally
        {
            near.Dispose();
            far.Dispose();
        }
    }
}

using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Chaos;

/// <summary>
/// Clients that ask a cluster without a pause, as behind a balancer: a node that is not ready is left out, and one that refuses the connection
/// has not seen the request, so another is asked. Nothing else is retried.
/// </summary>
internal sealed class ClusterLoad : IAsyncDisposable
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromMilliseconds(500);

    private readonly NodeCluster _cluster;
    private readonly HttpClient[] _clients;
    private readonly bool[] _ready;
    private readonly ConcurrentBag<CompletedRequest> _completed = [];
    private readonly ConcurrentBag<FailedRequest> _failed = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _patience;
    private readonly List<Task> _running = [];
    private int _lastId;
    private int _lastNode;
    private TaskCompletionSource _changed = NewChange();

    /// <param name="clients">Every second one streams.</param>
    /// <param name="patience">Ends what hangs.</param>
    public ClusterLoad(NodeCluster cluster, int clients, CancellationToken patience)
    {
        (_cluster, _patience) = (cluster, patience);
        _clients = [.. cluster.Nodes.Select(node => NewClient(node.Address))];
        _ready = [.. cluster.Nodes.Select(_ => true)];
        for (var i = 0; i < cluster.Nodes.Count; i++)
        {
            var node = i;
            _running.Add(Task.Run(() => CheckAsync(node), CancellationToken.None));
        }

        for (var i = 0; i < clients; i++)
        {
            var stream = i % 2 == 0;
            _running.Add(Task.Run(() => AskOnAsync(stream), CancellationToken.None));
        }
    }

    public IReadOnlyCollection<CompletedRequest> Completed => _completed;

    /// <summary>What clients saw instead of a whole answer.</summary>
    public IReadOnlyCollection<FailedRequest> Failed => _failed;

    public bool IsReady(int node) => Volatile.Read(ref _ready[node]);

    /// <summary>Returns when so many more requests have been completed.</summary>
    public Task CompleteAsync(int more)
    {
        var goal = _completed.Count + more;
        return UntilAsync(() => _completed.Count >= goal);
    }

    /// <summary>Returns when the balancer sends requests to that node, or does not.</summary>
    public Task UntilAsync(int node, bool ready) => UntilAsync(() => IsReady(node) == ready);

    /// <summary>Begins no further request, and waits for those that are under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running).WaitAsync(_patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        _stop.Dispose();
    }

    private static HttpClient NewClient(Uri address)
    {
        var client = new HttpClient { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestConfiguration.Key);
        return client;
    }

    private static TaskCompletionSource NewChange() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            // Taken before the look, so that no change between the two is missed.
            var change = Volatile.Read(ref _changed).Task;
            if (condition())
            {
                return;
            }

            await change.WaitAsync(_patience);
        }
    }

    private void Changed() => Interlocked.Exchange(ref _changed, NewChange()).SetResult();

    private void SetReady(int node, bool ready)
    {
        Volatile.Write(ref _ready[node], ready);
        Changed();
    }

    private async Task CheckAsync(int node)
    {
        using var client = NewClient(_cluster.Nodes[node].Address);
        client.Timeout = CheckTimeout;
        using var interval = new PeriodicTimer(CheckInterval);
        do
        {
            try
            {
                using var answer = await client.GetAsync("readyz", CancellationToken.None);
                SetReady(node, answer.IsSuccessStatusCode);
            }
            catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
            {
                SetReady(node, false);
            }
        }
        while (!_stop.IsCancellationRequested && await interval.WaitForNextTickAsync(CancellationToken.None));
    }

    private async Task AskOnAsync(bool stream)
    {
        while (!_stop.IsCancellationRequested && !_patience.IsCancellationRequested)
        {
            await AskAsync(stream);
        }
    }

    private async Task AskAsync(bool stream)
    {
        var id = $"chaos-{Interlocked.Increment(ref _lastId)}";
        var start = Environment.TickCount64;
        while (!_patience.IsCancellationRequested)
        {
            var node = Pick();
            using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
            {
                Content = new StringContent(TestGateway.ChatBody(stream ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}" : ""), null, "application/json"),
                Headers = { { "x-request-id", id } },
            };
            try
            {
                using var response = await _clients[node].SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _patience);
                var text = await response.Content.ReadAsStringAsync(_patience);
                Take(id, node, response, text, stream, start);
                return;
            }
            catch (HttpRequestException error) when (error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
            {
                // Nobody has seen it. The next look finds the node, or another.
                await Task.Yield();
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
            {
                Fail(id, node, null, start, $"{error.GetType().Name} {error.Message} {error.InnerException?.Message}");
                return;
            }
        }
    }

    private void Take(string id, int node, HttpResponseMessage response, string text, bool stream, long start)
    {
        const string End = "data: [DONE]\n\n";
        if (!response.IsSuccessStatusCode || (stream && !text.EndsWith(End, StringComparison.Ordinal)))
        {
            Fail(id, node, (int)response.StatusCode, start, text[Math.Max(0, text.Length - 300)..]);
            return;
        }

        var json = stream
            ? text[..^End.Length].Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1]["data: ".Length..]
            : text;
        using var document = JsonDocument.Parse(json);
        var usage = document.RootElement.GetProperty("usage");
        var now = Environment.TickCount64;
        _completed.Add(new CompletedRequest(
            id, Guid.Parse(response.Headers.GetValues("x-gateway-operation-id").Single()), usage.GetProperty("prompt_tokens").GetInt64(),
            usage.GetProperty("completion_tokens").GetInt64(), now - start, now));
        Changed();
    }

    private void Fail(string id, int node, int? status, long start, string reason) =>
        _failed.Add(new FailedRequest(id, _cluster.Nodes[node].Name, status, start, Environment.TickCount64, reason));

    /// <summary>One after the other, of those that are ready; where none is, of all.</summary>
    private int Pick()
    {
        for (var tries = 0; tries < _clients.Length; tries++)
        {
            var node = Next();
            if (IsReady(node))
            {
                return node;
            }
        }

        return Next();

        int Next() => (int)((uint)Interlocked.Increment(ref _lastNode) % (uint)_clients.Length);
    }
}

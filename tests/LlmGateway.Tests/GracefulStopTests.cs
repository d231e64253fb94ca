using System.Net;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests;

public sealed class GracefulStopTests : IDisposable
{
    private static readonly ServerSettings Server = new([], 0, 0, Drain: TimeSpan.FromSeconds(30), Grace: TimeSpan.FromSeconds(5));

    private readonly FakeTimeProvider _time = new();
    private readonly Drain _drain = new();
    private readonly Sockets _sockets = new();
    private readonly Connection _connection = new();
    private readonly CancellationTokenSource _hurry = new();

    public void Dispose()
    {
        _drain.Dispose();
        _hurry.Dispose();
    }

    [Fact]
    public async Task Each_step_takes_its_time_and_no_more()
    {
        var exchange = Enter();
        var stopping = await RunAsync();
        Assert.Equal((DrainPhase.Stopping, 0), (_drain.Phase, _sockets.Closed));

        _time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(DrainPhase.Stopping, _drain.Phase);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        await Until(() => _drain.Phase == DrainPhase.Refusing);
        Assert.Equal(1, _sockets.Closed);

        _time.Advance(TimeSpan.FromSeconds(29.9));
        Assert.False(exchange.IsCut);
        await AdvanceUntil(() => exchange.IsCut);
        Assert.Equal(0, _connection.Aborted);

        _drain.Leave(exchange);
        await stopping;
    }

    [Fact]
    public async Task Who_takes_not_even_the_error_is_left()
    {
        var exchange = Enter();
        var stopping = await RunAsync();
        await _hurry.CancelAsync();
        await Until(() => exchange.IsCut);
        Assert.Equal(0, _connection.Aborted);
        await AdvanceUntil(() => _connection.Aborted == 1);

        _drain.Leave(exchange);
        await stopping;
    }

    [Fact]
    public async Task It_is_over_as_soon_as_nothing_is_in_flight()
    {
        var exchange = Enter();
        var stopping = await RunAsync();
        _time.Advance(Server.Grace);
        await Until(() => _drain.Phase == DrainPhase.Refusing);
        Assert.False(stopping.IsCompleted);

        _drain.Leave(exchange);
        await stopping;
        Assert.Equal(DrainPhase.Refusing, _drain.Phase);
    }

    private Exchange Enter()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(_connection);
        var exchange = Exchange.Open(http, null!, EndpointKind.ChatCompletions, _time, _drain);
        Assert.True(_drain.TryEnter(exchange));
        return exchange;
    }

    private async Task<Task> RunAsync()
    {
        var listeners = new ClosableListeners(_sockets);
        await listeners.BindAsync(new IPEndPoint(IPAddress.Loopback, 0));
        return new GracefulStop(_drain, listeners, _time, NullLogger<GracefulStop>.Instance).RunAsync(Server, _hurry.Token);
    }

    /// <summary>A timer may be set only after the step before it can be seen.</summary>
    private Task AdvanceUntil(Func<bool> condition) => Until(() =>
    {
        _time.Advance(TimeSpan.FromSeconds(0.1));
        return condition();
    });

    private static async Task Until(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed class Connection : IHttpRequestLifetimeFeature
    {
        public int Aborted { get; private set; }

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => Aborted++;
    }

    private sealed class Sockets : IConnectionListenerFactory, IConnectionListener
    {
        public int Closed { get; private set; }

        public EndPoint EndPoint => new IPEndPoint(IPAddress.Loopback, 0);

        public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => new(this);

        public ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) => new((ConnectionContext?)null);

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            Closed++;
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

using LlmGateway.Gateway;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Tests.Gateway;

public sealed class DrainTests : IDisposable
{
    private readonly Drain _drain = new();

    public void Dispose() => _drain.Dispose();

    [Fact]
    public void It_is_idle_when_the_last_request_has_left_and_not_before_new_ones_are_refused()
    {
        var (first, second) = (Open(), Open());
        Assert.True(_drain.TryEnter(first));
        _drain.Leave(first);
        Assert.False(_drain.Idle.IsCompleted);

        _drain.Begin();
        Assert.True(_drain.TryEnter(second));
        _drain.Refuse();
        Assert.False(_drain.Idle.IsCompleted);
        Assert.Equal(1, _drain.InFlight);

        _drain.Leave(second);
        Assert.True(_drain.Idle.IsCompleted);
    }

    [Fact]
    public void A_refused_request_is_waited_for_until_it_has_its_refusal()
    {
        var (served, refused) = (Open(), Open());
        _drain.TryEnter(served);
        _drain.Refuse();
        Assert.False(_drain.TryEnter(refused));
        _drain.Leave(served);
        Assert.False(_drain.Idle.IsCompleted);

        _drain.Leave(refused);
        Assert.True(_drain.Idle.IsCompleted);
    }

    [Fact]
    public void Nothing_in_flight_is_idle_at_once()
    {
        _drain.Refuse();
        Assert.True(_drain.Idle.IsCompleted);
    }

    [Fact]
    public async Task The_cut_reaches_what_is_in_flight_and_not_what_has_left()
    {
        var (here, gone) = (Open(), Open());
        _drain.TryEnter(here);
        _drain.TryEnter(gone);
        _drain.Leave(gone);

        await _drain.CutAsync();

        Assert.True(here.IsCut);
        Assert.False(gone.IsCut);
    }

    [Fact]
    public void Who_comes_while_it_stops_is_told_that_the_connection_ends()
    {
        var (before, after) = (Open(), Open());
        _drain.Tell(before.Http);
        _drain.Begin();
        _drain.Tell(after.Http);

        Assert.Equal(0, before.Http.Response.Headers.Connection.Count);
        Assert.Equal("close", after.Http.Response.Headers.Connection);
    }

    [Fact]
    public void There_is_no_way_back()
    {
        _drain.Refuse();
        _drain.Begin();

        Assert.Equal(DrainPhase.Refusing, _drain.Phase);
    }

    private Exchange Open() => Exchange.Open(new DefaultHttpContext { Request = { Protocol = "HTTP/1.1" } }, null!, EndpointKind.ChatCompletions, TimeProvider.System, _drain);
}

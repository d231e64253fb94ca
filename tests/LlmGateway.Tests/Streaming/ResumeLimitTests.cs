using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Streaming;

/// <summary>Limits and leaving clients while another deployment goes on.</summary>
public class ResumeLimitTests
{
    [Theory]
    [InlineData(false, 60, "timeouts.first_event")]
    [InlineData(true, 30, "timeouts.idle")]
    public async Task A_deployment_that_goes_on_has_limits_of_its_own(bool begins, int seconds, string limit)
    {
        using var rig = new StreamRig();
        rig.Then(new ProviderBytes(begins ? Wire.Role("two") + Wire.Content("Riv", "two") : "", end: ProviderEnd.Stalls)
        {
            Exhausted = () => rig.Time.Advance(TimeSpan.FromSeconds(seconds)),
        });
        rig.Then(Wire.Answer(["Rivers"], "three"));

        var view = new ClientView((await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Breaks)))!);

        Assert.Equal(("Rivers", true), (view.Content, view.IsDone));
        Assert.Equal(ErrorClass.Timeout, rig.Attempts[1].Outcome!.Class);
        Assert.Contains(limit, rig.Attempts[1].Outcome!.Detail, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], rig.Settled);
    }

    [Fact]
    public async Task A_silent_stream_is_gone_on_with_too()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["Rivers"], "two"));

        var first = new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Stalls) { Exhausted = () => rig.Time.Advance(TimeSpan.FromSeconds(30)) };
        var view = new ClientView((await rig.RunAsync(first))!);

        Assert.Equal(("Rivers", true), (view.Content, view.IsDone));
        Assert.Equal(ErrorClass.Timeout, rig.Attempts[0].Outcome!.Class);
        Assert.True(first.IsDisposed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Rivers ca")]
    public async Task A_client_that_leaves_meanwhile_cancels_the_attempt_and_it_is_booked(string said)
    {
        using var rig = new StreamRig();
        var second = new ProviderBytes(said.Length == 0 ? "" : Wire.Content(said, "two"), end: ProviderEnd.Stalls) { Exhausted = rig.ClientLeaves };
        rig.Then(second);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Rivers"), end: ProviderEnd.Breaks)));

        Assert.Equal(AttemptResult.Cancelled, rig.Attempts[1].Outcome!.Result);
        Assert.Equal([1, 2], rig.Settled);
        Assert.True(second.IsDisposed);
        Assert.Equal(said, System.Text.Encoding.UTF8.GetString(rig.Attempts[1].ReceivedText.Span));
    }

    [Fact]
    public async Task What_was_delivered_reaches_the_client_before_anybody_is_asked()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["Rivers"], "two"));
        var wire = Wire.Role() + Wire.Content("Riv");

        using var answer = await rig.OpenAsync(new ProviderBytes(wire + "data: {\"error\":{\"message\":\"x\"}}\n\n"));
        await using var stream = await answer!.Stream!.ReadAsStreamAsync();
        var bytes = new byte[4096];
        var read = await stream.ReadAsync(bytes);

        Assert.Equal(wire, System.Text.Encoding.UTF8.GetString(bytes, 0, read));
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task A_client_that_lets_go_of_the_stream_lets_go_of_the_provider()
    {
        using var rig = new StreamRig();
        var second = new ProviderBytes(Wire.Content("Rivers", "two"), end: ProviderEnd.Stalls);
        rig.Then(second);
        var answer = await rig.OpenAsync(new ProviderBytes(Wire.Role() + Wire.Content("Riv"), end: ProviderEnd.Breaks));
        await using (var stream = await answer!.Stream!.ReadAsStreamAsync())
        {
            var bytes = new byte[4096];
            while (rig.Attempts.Count < 2 || rig.Attempts[1].FirstEventAt is null)
            {
                Assert.NotEqual(0, await stream.ReadAsync(bytes));
            }
        }

        Assert.True(second.IsDisposed);
        Assert.Equal("Rivers"u8, rig.Attempts[1].ReceivedText.Span);
    }
}

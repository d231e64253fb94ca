using System.Text;
using LlmGateway.Caching.Sharing;
using LlmGateway.Gateway;
using LlmGateway.Limits;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Tests.Caching.Sharing;

/// <summary>What those who share an answer have of whoever led, and what they have not.</summary>
public class FollowerTests
{
    private const string Poor = """{"team":"poor"}""";

    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task What_limits_refuse_to_one_key_they_are_asked_once_more_for_each_other_key_and_not_for_each_client()
    {
        SharingRig? sharing = null;
        using var rig = sharing = new SharingRig(async run =>
        {
            await _go.Task;
            if (run.Key!.Id == "poor")
            {
                return new GatewayError(429, "rate_limit", "rate_limit", "no", Fault.Policy);
            }

            // They come one after the other, since each was told of the refusal for itself.
            await sharing!.UntilAsync(readers: 50);
            return await AnswerAsync(run);
        });
        var poor = Enumerable.Range(0, 50).Select(_ => rig.Exchange("poor")).ToList();
        var rich = Enumerable.Range(0, 50).Select(_ => rig.Exchange("rich")).ToList();

        var refused = poor.ConvertAll(rig.AskAsync);
        var answered = rich.ConvertAll(rig.AskAsync);
        await rig.UntilAsync(readers: 100);
        _go.SetResult();

        Assert.All(await Task.WhenAll(refused), error => Assert.Equal(429, error?.Status));
        Assert.All(await Task.WhenAll(answered), Assert.Null);
        Assert.Equal(2, rig.Walks);
        Assert.Equal(0, rig.Flights.Readers);
    }

    [Fact]
    public async Task What_is_refused_to_one_tag_is_refused_to_no_other_tag_of_the_same_key()
    {
        using var rig = new SharingRig(async run =>
        {
            await _go.Task;
            return Encoding.UTF8.GetString(run.Tags.Span) == Poor ? new GatewayError(429, "rate_limit", "rate_limit", "no", Fault.Policy) : await AnswerAsync(run);
        });

        var refused = rig.AskAsync(rig.Exchange(with: one => one.Tags = Encoding.UTF8.GetBytes(Poor)));
        var answered = rig.AskAsync(rig.Exchange(with: one => one.Tags = Encoding.UTF8.GetBytes("""{"team":"rich"}""")));
        await rig.UntilAsync(readers: 2);
        _go.SetResult();

        Assert.Equal(429, (await refused)?.Status);
        Assert.Null(await answered);
    }

    [Fact]
    public async Task Of_a_defect_each_is_told_under_an_id_of_its_own()
    {
        using var rig = new SharingRig(async _ =>
        {
            await _go.Task;
            throw new InvalidOperationException("a defect");
        });
        var exchanges = Enumerable.Range(0, 3).Select(_ => rig.Exchange()).ToList();

        var asked = exchanges.ConvertAll(rig.AskAsync);
        await rig.UntilAsync(readers: 3);
        _go.SetResult();

        var errors = await Task.WhenAll(asked);
        Assert.All(errors.Zip(exchanges), one => Assert.Contains(one.Second.RequestId, one.First!.Message, StringComparison.Ordinal));
        Assert.Equal(1, rig.Walks);
    }

    [Fact]
    public async Task Headers_that_are_said_of_a_request_are_said_to_whoever_made_it()
    {
        using var rig = new SharingRig(async run =>
        {
            await _go.Task;
            foreach (var (name, value) in new[]
            {
                (GatewayHeaders.RequestId, "leader"), (GatewayHeaders.OperationId, "leader"), (GatewayHeaders.Cost, "leader"), (GatewayHeaders.BudgetLeft, "leader"),
                (GatewayHeaders.Degraded, "leader"), (GatewayHeaders.OverheadMilliseconds, "leader"), (GatewayHeaders.Warning, "leader"), (GatewayHeaders.Attempts, "leader"),
                (GatewayHeaders.Cache, "leader"), ("x-ratelimit-remaining-requests", "leader"), ("connection", "close"), (GatewayHeaders.Deployment, "p/m"), ("openai-model", "m"),
            })
            {
                run.Http.Response.Headers[name] = value;
            }

            return await AnswerAsync(run);
        });
        var leader = rig.Exchange(with: one => one.Warn("leader"));
        var follower = rig.Exchange();
        var warned = rig.Exchange(with: one => one.Warn("of its own"));

        var asked = new[] { leader, follower, warned }.Select(rig.AskAsync).ToList();
        await rig.UntilAsync(readers: 3);
        _go.SetResult();
        await Task.WhenAll(asked);

        var headers = follower.Http.Response.Headers;
        Assert.DoesNotContain(headers, header => header.Value == "leader");
        Assert.Equal(
            [follower.RequestId, "coalesced", "0", "p/m", "m"],
            new[] { GatewayHeaders.RequestId, GatewayHeaders.Cache, GatewayHeaders.Attempts, GatewayHeaders.Deployment, "openai-model" }.Select(name => headers[name].ToString()));
        Assert.False(headers.ContainsKey("connection"));
        Assert.False(headers.ContainsKey(GatewayHeaders.Warning));
        Assert.Equal("of its own", warned.Http.Response.Headers[GatewayHeaders.Warning]);
        Assert.Equal("leader", leader.Http.Response.Headers[GatewayHeaders.Warning]);
    }

    [Fact]
    public async Task Who_is_cut_loose_has_left_as_far_as_anybody_counts_and_the_others_have_it_all()
    {
        var stalled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var text = new string('x', 1000);
        using var rig = new SharingRig(
            async run =>
            {
                await _go.Task;
                for (var i = 0; i < 100; i++)
                {
                    await run.Http.Response.WriteAsync(text, run.Http.RequestAborted);
                }

                return null;
            },
            new SharingOptions { Window = 4000, MostBehind = 20_000 });
        var fast = rig.Exchange();
        var slow = rig.Exchange(body: new Stalled(stalled.Task));

        var (reading, stalling) = (rig.AskAsync(fast), rig.AskAsync(slow));
        await rig.UntilAsync(readers: 2);
        _go.SetResult();
        await reading;
        stalled.SetResult();
        await stalling;

        Assert.True(fast.Completed);
        Assert.Equal(100_000, SharingRig.Text(fast).Length);
        Assert.Equal((false, true), (slow.Completed, slow.ClientLeft));
    }

    [Fact]
    public async Task A_run_that_breaks_in_the_middle_is_the_gateways_fault_and_nobody_takes_it_for_whole()
    {
        using var rig = new SharingRig(async run =>
        {
            await _go.Task;
            await AnswerAsync(run);
            throw new InvalidOperationException("a defect");
        });
        var exchanges = new[] { rig.Exchange(), rig.Exchange() };

        var asked = exchanges.Select(rig.AskAsync).ToList();
        await rig.UntilAsync(readers: 2);
        _go.SetResult();

        Assert.All(await Task.WhenAll(asked), error => Assert.Equal(Fault.Gateway, error?.Fault));
        Assert.All(exchanges, exchange => Assert.False(exchange.Completed));
    }

    [Fact]
    public async Task A_leader_that_leaves_keeps_the_run_and_its_request_until_the_others_have_the_answer()
    {
        using var leaving = new CancellationTokenSource();
        using var rig = new SharingRig(async run =>
        {
            await _go.Task;

            // The body of the request is the leader's: gone if it were closed by now.
            return run.Request!.Body.IsEmpty ? null : await AnswerAsync(run);
        });
        var leading = rig.AskAsync(rig.Exchange(left: leaving.Token));
        var follower = rig.Exchange();
        var following = rig.AskAsync(follower);
        await rig.UntilAsync(readers: 2);

        await leaving.CancelAsync();
        await rig.UntilAsync(readers: 1);
        Assert.False(leading.IsCompleted);
        _go.SetResult();

        Assert.Null(await following);
        Assert.Equal("an answer", SharingRig.Text(follower));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
    }

    [Fact]
    public async Task When_all_have_left_the_run_is_told_and_the_next_one_has_a_run_of_its_own()
    {
        using var leaving = new CancellationTokenSource();
        var told = 0;
        using var rig = new SharingRig(async run =>
        {
            if (Interlocked.Increment(ref told) == 1)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, run.Http.RequestAborted);
            }

            return await AnswerAsync(run);
        });
        var asked = Enumerable.Range(0, 3).Select(_ => rig.AskAsync(rig.Exchange(left: leaving.Token))).ToList();
        await rig.UntilAsync(readers: 3);

        await leaving.CancelAsync();
        foreach (var one in asked)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
        }

        var next = rig.Exchange();
        Assert.Null(await rig.AskAsync(next));
        Assert.Equal("an answer", SharingRig.Text(next));
        Assert.Equal(2, rig.Walks);
    }

    [Fact]
    public async Task Of_an_error_that_is_everybodys_nobody_is_told_the_limits_of_the_leader()
    {
        var account = new Account
        {
            Tenant = "acme",
            Name = "requests of key one",
            KeyId = "one",
            Level = AccountLevel.Key,
            Kind = AccountKind.Window,
            Measure = Measure.Requests,
            Limit = 10,
            Window = TimeSpan.FromMinutes(1),
        };
        var rates = RateHeaders.Of([new ReservationLine { Account = account, Held = 1 }]);
        Assert.NotNull(rates);
        using var rig = new SharingRig(async run =>
        {
            await _go.Task;
            run.Rates = rates;
            return new GatewayError(400, "invalid_request_error", null, "the provider takes no such request", Fault.Caller);
        });
        var (leader, other) = (rig.Exchange("one"), rig.Exchange("two"));

        var asked = new[] { leader, other }.Select(rig.AskAsync).ToList();
        await rig.UntilAsync(readers: 2);
        _go.SetResult();

        Assert.All(await Task.WhenAll(asked), error => Assert.Equal(400, error?.Status));
        Assert.Equal(1, rig.Walks);
        Assert.Same(rates, leader.Rates);
        Assert.Null(other.Rates);
    }

    [Fact]
    public async Task A_leader_that_leaves_while_it_gets_what_was_kept_meanwhile_leaves_nobody_waiting()
    {
        var serving = new TaskCompletionSource();
        using var rig = new SharingRig(AnswerAsync);
        rig.Keep();
        var leading = rig.AskAsync(rig.Exchange(), async _ =>
        {
            await serving.Task;
            throw new OperationCanceledException();
        });
        await rig.UntilAsync(readers: 1);
        var follower = rig.Exchange();
        var following = rig.AskAsync(follower);
        await rig.UntilAsync(readers: 2);

        serving.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leading);
        Assert.Null(await following.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal("an answer", SharingRig.Text(follower));
        Assert.Equal(0, rig.Flights.Readers);
    }

    private static async Task<GatewayError?> AnswerAsync(Exchange run)
    {
        await run.Http.Response.WriteAsync("an answer");
        return null;
    }

    /// <summary>A client that takes nothing until it is let.</summary>
    private sealed class Stalled(Task until) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await until;
            await base.WriteAsync(buffer, cancellationToken);
        }
    }
}

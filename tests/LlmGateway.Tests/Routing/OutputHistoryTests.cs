using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Routing;
using LlmGateway.Tests.Metering;

namespace LlmGateway.Tests.Routing;

public sealed class OutputHistoryTests
{
    private readonly OutputHistories _histories = new();

    [Fact]
    public void It_is_the_mean_of_the_first_answers_and_then_follows_slowly()
    {
        var history = new OutputHistory();
        Assert.Null(history.Mean);
        foreach (var tokens in new[] { 100, 200, 600 })
        {
            history.Add(tokens);
        }

        Assert.Equal(300, history.Mean!.Value, 9);
        for (var i = 0; i < 1000; i++)
        {
            history.Add(1000);
        }

        Assert.Equal(1000, history.Mean!.Value, 3);
        history.Add(0);
        Assert.Equal(1000 - 1000.0 / 64, history.Mean!.Value, 3);
    }

    [Fact]
    public async Task A_route_learns_from_answers_that_succeeded()
    {
        await EndAsync(MeteringFixture.Succeed, 120);
        Assert.Equal(120, _histories.Of("chat").Mean);
    }

    [Fact]
    public async Task A_broken_answer_and_one_of_unknown_length_teach_nothing()
    {
        await EndAsync(attempt => MeteringFixture.Fail(attempt, 200, ErrorClass.BadGateway), 5);
        await EndAsync(MeteringFixture.Succeed, 0);
        Assert.Null(_histories.Of("chat").Mean);
    }

    private async Task EndAsync(Action<LlmGateway.Upstream.Attempt> how, long output)
    {
        var exchange = MeteringFixture.Exchange();
        IAttemptObserver observer = new OutputObserver(_histories);
        Assert.Null(observer.Starting(exchange, exchange.Attempt!));
        exchange.Attempt!.Usage = new TokenUsage(10, 0, 0, output, 0);
        how(exchange.Attempt);
        await observer.EndedAsync(exchange, exchange.Attempt);
    }
}

using static LlmGateway.Tests.Routing.Prefixes.AffinityRig;

namespace LlmGateway.Tests.Routing.Prefixes;

/// <summary>What a provider reports corrects what was predicted of it.</summary>
public sealed class CacheReportTests : IDisposable
{
    private readonly AffinityRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task A_deployment_that_reports_none_where_some_was_predicted_loses_the_prefix()
    {
        var chat = Long("a");
        await _rig.AnswerAsync(_rig.Ask(chat), deployment: 0);
        await _rig.AnswerAsync(_rig.Ask(chat), deployment: 1);
        var second = _rig.Ask(chat);
        Assert.Equal([2048, 2048], Cached(second));

        await _rig.AnswerAsync(second, deployment: 0, cached: 0);
        Assert.Equal([0, 2048], Cached(_rig.Ask(chat)));
    }

    [Fact]
    public async Task A_report_of_any_keeps_it()
    {
        var chat = Long("a");
        await _rig.AnswerAsync(_rig.Ask(chat));
        await _rig.AnswerAsync(_rig.Ask(chat), cached: 1024);
        Assert.Equal([2048, 0], Cached(_rig.Ask(chat)));
    }

    [Fact]
    public async Task Without_a_report_nothing_is_held_against_it()
    {
        var chat = Long("a");
        await _rig.AnswerAsync(_rig.Ask(chat));
        await _rig.AnswerAsync(_rig.Ask(chat), cached: null);
        Assert.Equal([2048, 0], Cached(_rig.Ask(chat)));
    }

    [Fact]
    public async Task An_estimate_that_was_too_high_is_not_held_against_it()
    {
        var chat = Chat("", ("a", 1100));
        await _rig.AnswerAsync(_rig.Ask(chat));
        await _rig.AnswerAsync(_rig.Ask(chat), cached: 0, input: 1000);
        Assert.Equal([1024, 0], Cached(_rig.Ask(chat)));
    }

    [Fact]
    public async Task After_three_misses_in_a_row_nothing_is_predicted_until_it_reports_a_hit()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await _rig.AnswerAsync(_rig.Ask(Long(name)));
            Assert.Equal([2048, 0], Cached(_rig.Ask(Long(name))));
            await _rig.AnswerAsync(_rig.Ask(Long(name)), cached: 0);
        }

        await _rig.AnswerAsync(_rig.Ask(Long("d")));
        Assert.Equal([0, 0], Cached(_rig.Ask(Long("d"))));
        await _rig.AnswerAsync(_rig.Ask(Long("d")), deployment: 1);
        Assert.Equal([0, 2048], Cached(_rig.Ask(Long("d"))));

        await _rig.AnswerAsync(_rig.Ask(Long("d")), deployment: 0, cached: 1920);
        Assert.Equal([2048, 2048], Cached(_rig.Ask(Long("d"))));
    }

    [Fact]
    public async Task Another_account_than_the_one_that_has_it_misses_nothing_and_has_it_from_then_on()
    {
        using var rig = new AffinityRig(credentials: 2);
        var chat = Long("a");
        await rig.AnswerAsync(rig.Ask(chat), credential: 1);
        for (var time = 0; time < 3; time++)
        {
            var exchange = rig.Ask(chat);
            Assert.Equal($"p#{1 + time % 2}", exchange.Plan!.Steps.Single(step => step.Candidate.Index == 0).Credential);
            await rig.AnswerAsync(exchange, cached: 0, credential: 2 - time % 2);
        }

        Assert.Equal([2048, 0], Cached(rig.Ask(chat)));
        await rig.AnswerAsync(rig.Ask(chat), cached: 0, credential: 2);
        Assert.Equal([0, 0], Cached(rig.Ask(chat)));
    }

    private static string Long(string name) => Chat("", (name, 2050), ("more", 20));
}

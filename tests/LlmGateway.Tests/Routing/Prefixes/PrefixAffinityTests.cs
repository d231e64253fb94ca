using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using static LlmGateway.Tests.Routing.Prefixes.AffinityRig;

namespace LlmGateway.Tests.Routing.Prefixes;

public sealed class PrefixAffinityTests : IDisposable
{
    private static readonly string Turn1 = Chat("", ("system", 1100), ("question", 100));
    private static readonly string Turn2 = Chat("", ("system", 1100), ("question", 100), ("answer", 200), ("and?", 50));
    private static readonly string Sibling = Chat("", ("system", 1100), ("something else", 100));

    private readonly AffinityRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_next_turn_is_expected_where_the_one_before_was_answered()
    {
        Assert.Equal([0, 0], Cached(_rig.Ask(Turn1)));
        await _rig.AnswerAsync(_rig.Ask(Turn1), deployment: 1);

        // 1,200 tokens in steps of 128.
        Assert.Equal([0, 1152], Cached(_rig.Ask(Turn2)));

        // Of another chat that begins alike, what both begin with: 1,100 tokens.
        Assert.Equal([0, 1024], Cached(_rig.Ask(Sibling)));
    }

    [Fact]
    public async Task The_longest_beginning_counts_of_each_deployment()
    {
        await _rig.AnswerAsync(_rig.Ask(Sibling), deployment: 0);
        await _rig.AnswerAsync(_rig.Ask(Turn2), deployment: 1);
        Assert.Equal([1024, 1408], Cached(_rig.Ask(Turn2)));
    }

    [Fact]
    public async Task A_long_conversation_is_known_by_its_last_messages()
    {
        (string, int)[] messages = [.. Enumerable.Range(0, 60).Select(number => ($"message {number}", 100))];
        await _rig.AnswerAsync(_rig.Ask(Chat("", messages[..58])));
        Assert.Equal(5800 / 128 * 128, Cached(_rig.Ask(Chat("", messages)))[0]);
    }

    [Fact]
    public async Task What_is_below_1024_tokens_is_not_cached()
    {
        await _rig.AnswerAsync(_rig.Ask(Chat("", ("system", 1023))));
        Assert.Equal([0, 0], Cached(_rig.Ask(Chat("", ("system", 1023), ("more", 500)))));
        await _rig.AnswerAsync(_rig.Ask(Chat("", ("system", 1024))));
        Assert.Equal([1024, 0], Cached(_rig.Ask(Chat("", ("system", 1024), ("more", 500)))));
    }

    [Fact]
    public async Task Tenants_do_not_share_a_prefix()
    {
        await _rig.AnswerAsync(_rig.Ask(Turn1));
        Assert.Equal([0, 0], Cached(_rig.Ask(Turn2, tenant: "acne")));
        Assert.Equal([1152, 0], Cached(_rig.Ask(Turn2, tenant: "acme")));
    }

    [Theory]
    [InlineData(",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", false)] // a provider puts tools before the messages
    [InlineData(",\"temperature\":0.5,\"stream\":true", true)]
    public async Task Tools_are_a_part_of_the_prefix_and_other_members_are_not(string more, bool known)
    {
        await _rig.AnswerAsync(_rig.Ask(Turn1));
        Assert.Equal(known ? 1152 : 0, Cached(_rig.Ask(Turn2.Replace(",\"messages\"", more + ",\"messages\"", StringComparison.Ordinal)))[0]);
    }

    [Fact]
    public async Task Other_tools_of_the_same_length_are_others()
    {
        static string Tools(string name) => ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\"}}]";
        await _rig.AnswerAsync(_rig.Ask(Chat(Tools("f"), ("system", 1100))));
        Assert.Equal([1024, 0], Cached(_rig.Ask(Chat(Tools("f"), ("system", 1100)))));
        Assert.Equal([0, 0], Cached(_rig.Ask(Chat(Tools("g"), ("system", 1100)))));
    }

    [Fact]
    public async Task Tools_count_towards_what_is_cached()
    {
        var tools = ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"" + new string('x', 4000) + "\"}}]";
        await _rig.AnswerAsync(_rig.Ask(Chat(tools, ("system", 300))));
        Assert.Equal([1280, 0], Cached(_rig.Ask(Chat(tools, ("system", 300), ("more", 10)))));
    }

    [Fact]
    public async Task A_change_early_in_the_chat_makes_it_another_one()
    {
        await _rig.AnswerAsync(_rig.Ask(Turn2));
        Assert.Equal([0, 0], Cached(_rig.Ask(Chat("", ("System", 1100), ("question", 100), ("answer", 200), ("and?", 50)))));
    }

    [Fact]
    public async Task After_ten_minutes_without_use_it_is_gone()
    {
        await _rig.AnswerAsync(_rig.Ask(Turn1));
        _rig.Time.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal([1152, 0], Cached(_rig.Ask(Turn2)));
        _rig.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([0, 0], Cached(_rig.Ask(Turn2)));
    }

    [Fact]
    public async Task What_failed_is_in_no_cache()
    {
        await _rig.AnswerAsync(_rig.Ask(Turn1), failure: ErrorClass.Overloaded, cached: null);
        Assert.Equal([0, 0], Cached(_rig.Ask(Turn2)));
    }

    [Fact]
    public async Task Without_the_option_nothing_is_learned_or_predicted()
    {
        using var rig = new AffinityRig(affinity: Affinity.None);
        var exchange = rig.Ask(Turn1);
        await rig.AnswerAsync(exchange);
        rig.Predictor.Predict(exchange, null!, exchange.Plan!.Decisions[0].Verdicts);
        Assert.Equal([0, 0], Cached(exchange));
    }

    [Fact]
    public async Task A_prompt_without_messages_has_no_affinity()
    {
        var body = $$"""{"model":"chat","prompt":"{{new string('x', 8000)}}"}""";
        await _rig.AnswerAsync(_rig.Ask(body, endpoint: EndpointKind.Completions));
        Assert.Equal([0, 0], Cached(_rig.Ask(body, endpoint: EndpointKind.Completions)));
    }

    [Fact]
    public async Task The_credential_whose_account_has_it_is_named_where_there_are_several()
    {
        using var rig = new AffinityRig(credentials: 3);
        await rig.AnswerAsync(rig.Ask(Turn1), credential: 2);
        var exchange = rig.Ask(Turn2);
        Assert.Equal("p#2", exchange.Plan!.Steps.Single(step => step.Candidate.Index == 0).Credential);
        Assert.Null(exchange.Plan.Steps.Single(step => step.Candidate.Index == 1).Credential);

        using var only = new AffinityRig(credentials: 1);
        await only.AnswerAsync(only.Ask(Turn1), credential: 1);
        Assert.All(only.Ask(Turn2).Plan!.Steps, step => Assert.Null(step.Credential));
    }

    [Fact]
    public async Task Predicting_and_learning_allocate_nothing()
    {
        var exchange = _rig.Ask(Turn2);
        await _rig.AnswerAsync(exchange);
        var verdicts = exchange.Plan!.Decisions[0].Verdicts;
        var affinity = _rig.Predictor;
        affinity.Predict(exchange, null!, verdicts);

        Assert.Equal(0, Garbage.Of(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                affinity.Predict(exchange, null!, verdicts);
            }
        }));
    }
}

using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Tests.Caching.Semantic;

public sealed class SemanticCacheTests : IDisposable
{
    private const string Question = "How do I freeze fresh bread at home?";
    private const string Paraphrase = "How can I freeze fresh bread at home?";
    private const string Answer = "Slice it and wrap it well.";

    private readonly SemanticRig _rig = new();

    [Fact]
    public async Task A_route_that_has_it_off_is_left_alone()
    {
        _rig.Use(SemanticSettings.Off);
        Assert.Null((await _rig.LookUp(Question)).Lookup);
        Assert.Empty(_rig.Routes.All);
    }

    [Fact]
    public async Task In_shadow_nothing_is_served_and_what_would_have_been_is_labelled_right()
    {
        await _rig.Ask(Question, Answer);
        var second = await _rig.Ask(Paraphrase, Answer);

        Assert.Null(second.Lookup!.Serve);
        Assert.False(second.Lookup.Verify);
        var report = _rig.State.Controller!.Report();
        Assert.Equal((1, 0), (report.WouldBe.Hits, report.Served.Hits));
        Assert.Equal((1, 0), (report.Evidence.Labelled, report.Evidence.Wrong));
        Assert.Equal(0.002m, Assert.Single(report.WouldBe.Amounts()).Amount);
        Assert.Equal(TimeSpan.FromSeconds(2), report.WouldBe.Time);
    }

    [Fact]
    public async Task What_would_have_been_wrong_is_labelled_wrong()
    {
        await _rig.Ask(Question, Answer);
        await _rig.Ask(Paraphrase, "Never put any loaf into that icy machine, eat it today.");

        Assert.Equal((1, 1), (_rig.State.Controller!.Report().Evidence.Labelled, _rig.State.Controller.Report().Evidence.Wrong));
    }

    [Theory]
    [InlineData("how do i freeze fresh bread at home")]
    [InlineData("  How do I freeze   fresh bread at home ?!")]
    [InlineData("Ｈow do I freeze fresh bread at home？")]
    public async Task A_question_that_is_equal_but_for_its_spelling_is_a_hit_by_meaning(string spelt)
    {
        await _rig.Ask(Question, Answer);
        await _rig.Ask(spelt, Answer);

        Assert.Equal((1, 1), (_rig.State.Controller!.Report().WouldBe.Hits, _rig.State.Controller.Report().Evidence.Labelled));
    }

    [Fact]
    public async Task Chinese_is_found_as_well()
    {
        await _rig.Ask("怎么清洗洗衣机？", "用柠檬酸。");
        await _rig.Ask("如何清洗洗衣机", "用柠檬酸。");
        Assert.Equal(1, _rig.State.Controller!.Report().WouldBe.Hits);
    }

    [Theory]
    [InlineData("How do I freeze 3 loaves of bread?", "How do I freeze 5 loaves of bread?", "numbers")]
    [InlineData("How do I enable dark mode in the editor?", "How do I disable dark mode in the editor?", "polarity")]
    public async Task What_a_guard_forbids_is_no_hit(string one, string other, string guard)
    {
        await _rig.Ask(one, Answer);
        await _rig.Ask(other, Answer);

        Assert.Equal(0, _rig.State.Controller!.Report().WouldBe.Hits);
        Assert.Equal([new(guard, 1)], _rig.State.Counts.Vetoes);
    }

    [Fact]
    public async Task With_a_threshold_of_almost_one_it_is_a_near_miss_and_counts_for_no_proof()
    {
        _rig.Use(SemanticRig.Shadow with { Threshold = 0.999999 });
        await _rig.Ask(Question, Answer);
        await _rig.Ask(Paraphrase, Answer);
        await _rig.Ask("How should I freeze fresh bread at home?", "Never put any loaf into that icy machine, eat it today.");

        var (report, counts) = (_rig.State.Controller!.Report(), _rig.State.Counts);
        Assert.Equal((0, 0, 2), (report.WouldBe.Hits, report.Evidence.Labelled, counts.NearMisses));
        Assert.Equal((1, 1), (counts.NearRight, counts.NearWrong));
    }

    [Theory]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Hello there, you"},{"role":"assistant","content":"Hi"},{"role":"user","content":"How do I freeze bread?"}]}""", "turns")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"How do I freeze bread?"},{"role":"assistant","content":"You"}]}""", "no_user_text")]
    [InlineData("""{"model":"chat","n":2,"messages":[{"role":"user","content":"How do I freeze bread?"}]}""", "choices")]
    [InlineData("""{"model":"chat","tools":[{"type":"function","function":{"name":"f"}}],"messages":[{"role":"user","content":"How do I freeze bread?"}]}""", "tools")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":[{"type":"text","text":"What is on it?"},{"type":"image_url","image_url":{"url":"data:,"}}]}]}""", "media")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"What is the weather in Rome today?"}]}""", "time_sensitive")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"今天罗马天气怎么样？"}]}""", "time_sensitive")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Where is my order?"}]}""", "personal")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Write to somebody@example.com about bread"}]}""", "personal_data")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"Please fix this function: def f(x): return x"}]}""", "code")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"?!"}]}""", "no_text")]
    [InlineData("""{"model":"chat","messages":[{"role":"user","content":"ab"}]}""", "too_short")]
    public async Task What_is_not_for_it_is_counted_by_why(string body, string reason)
    {
        Assert.Null((await _rig.LookUp(_rig.Exchange(body))).Lookup);
        Assert.Equal([new(reason, 1)], _rig.State.Counts.Skipped);
        Assert.Equal(0, _rig.State.Counts.Lookups);
    }

    [Fact]
    public async Task An_essay_is_not_for_it()
    {
        Assert.Null((await _rig.LookUp(new string('x', 2_001))).Lookup);
        Assert.Null((await _rig.LookUp(new string('x', 20_000))).Lookup);
        Assert.Equal([new("too_long", 2)], _rig.State.Counts.Skipped);
    }

    [Fact]
    public async Task Nor_is_what_is_no_chat()
    {
        var exchange = _rig.Exchange("""{"model":"chat","input":"How do I freeze bread?"}""", endpoint: EndpointKind.Embeddings);
        Assert.Null((await _rig.LookUp(exchange)).Lookup);
        Assert.Equal([new("endpoint", 1)], _rig.State.Counts.Skipped);
    }

    [Fact]
    public async Task More_turns_are_for_it_where_that_is_configured_and_only_the_last_may_differ()
    {
        _rig.Use(SemanticRig.Shadow with { MaxTurns = 2 });
        await AskAfter("I bake", Question);
        await AskAfter("I bake", Paraphrase);
        Assert.Equal(1, _rig.State.Controller!.Report().WouldBe.Hits);
        await AskAfter("I do not bake", "How could I freeze fresh bread at home?");
        Assert.Equal(1, _rig.State.Controller.Report().WouldBe.Hits);

        async Task AskAfter(string first, string question)
        {
            var body = $$"""{"model":"chat","messages":[{"role":"user","content":"{{first}}"},{"role":"assistant","content":"I see"},{"role":"user","content":"{{question}}"}]}""";
            await _rig.Answer(await _rig.LookUp(_rig.Exchange(body)), Answer);
        }
    }

    [Theory]
    [InlineData("tenant")]
    [InlineData("route")]
    [InlineData("key")]
    public async Task A_purge_between_takes_what_is_found_by_meaning_with_it(string what)
    {
        await _rig.Ask(Question, Answer);
        await _rig.Store.PurgeAsync(what switch
        {
            "tenant" => new PurgeFilter(Tenant: "acme"),
            "route" => new PurgeFilter(Route: "chat"),
            _ => new PurgeFilter(Key: "key_1"),
        });
        var after = await _rig.LookUp(Paraphrase);

        Assert.NotNull(after.Lookup);
        Assert.Equal((0, 0), (_rig.State.Controller!.Report().WouldBe.Hits, _rig.State.Entries!.Count));
    }

    [Theory]
    [InlineData(Paraphrase)]
    [InlineData("how do i freeze fresh bread at home")]
    public async Task What_has_expired_answers_nothing(string again)
    {
        await _rig.Ask(Question, Answer);
        _rig.Time.Advance(TimeSpan.FromHours(1));
        Assert.NotNull((await _rig.LookUp(again)).Lookup);
        Assert.Equal(0, _rig.State.Controller!.Report().WouldBe.Hits);
    }

    [Fact]
    public async Task What_is_too_old_for_one_client_answers_the_next()
    {
        await _rig.Ask(Question, Answer);
        _rig.Time.Advance(TimeSpan.FromMinutes(10));
        foreach (var (ttl, hits) in new[] { ("5m", 0), ("10m", 0), ("11m", 1) })
        {
            var exchange = _rig.Exchange(SemanticRig.Chat(Paraphrase));
            exchange.Http.Request.Headers["x-gateway-cache-ttl"] = ttl;
            await _rig.LookUp(exchange);
            Assert.Equal(hits, _rig.State.Controller!.Report().WouldBe.Hits);
        }
    }

    [Fact]
    public async Task Nor_does_what_is_gone_from_the_store()
    {
        var first = await _rig.Ask(Question, Answer);
        _rig.Store.Remove(first.Key);
        Assert.NotNull((await _rig.LookUp(Paraphrase)).Lookup);
        Assert.Equal((0, 0), (_rig.State.Controller!.Report().WouldBe.Hits, _rig.State.Entries!.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Feedback_of_who_was_answered_first_takes_the_entry_out(bool byOperation)
    {
        var first = await _rig.Ask(Question, Answer);
        var id = byOperation ? first.Exchange.OperationId.ToString() : first.Exchange.RequestId;
        Assert.False(_rig.Cache.Forget("globex", id));
        Assert.Equal(1, _rig.State.Entries!.Count);
        Assert.True(_rig.Cache.Forget("acme", id));
        Assert.False(_rig.Cache.Forget("acme", id));
        await _rig.LookUp(Paraphrase);
        Assert.Equal(0, _rig.State.Controller!.Report().WouldBe.Hits);
    }

    [Fact]
    public async Task An_answer_that_never_came_leaves_its_hit_unjudged_and_only_the_first_word_counts()
    {
        await _rig.Ask(Question, Answer);
        var second = await _rig.LookUp(Paraphrase);
        second.Lookup!.Unanswered();
        await _rig.Answer(second, Answer);

        var report = _rig.State.Controller!.Report();
        Assert.Equal((0, 1, 1), (report.Evidence.Labelled, report.Unjudged, _rig.State.Entries!.Count));
    }

    [Fact]
    public async Task A_client_that_left_holds_no_proof_up()
    {
        await _rig.Ask(Question, Answer);
        var second = await _rig.LookUp(Paraphrase);
        var third = await _rig.LookUp(Paraphrase);
        await _rig.Answer(third, Answer);
        Assert.Equal(0, _rig.State.Controller!.Report().Evidence.Labelled);
        second.Lookup!.Withdraw();

        // The one behind it waits no longer.
        Assert.Equal((2, 1, 0), (_rig.State.Controller.Report().WouldBe.Hits, _rig.State.Controller.Report().Evidence.Labelled, _rig.State.Controller.Report().Unjudged));
    }

    [Fact]
    public async Task Another_generation_finds_nothing_of_the_one_before()
    {
        await _rig.Ask(Question, Answer);
        _rig.Use(SemanticRig.Shadow, generation: 1);
        await _rig.LookUp(Paraphrase);
        Assert.Equal(0, _rig.State.Controller!.Report().WouldBe.Hits);
    }

    [Fact]
    public async Task An_exchange_of_an_older_snapshot_is_left_alone()
    {
        var exchange = _rig.Exchange(SemanticRig.Chat(Question));
        _rig.Use(SemanticRig.Shadow);
        Assert.Null((await _rig.LookUp(exchange)).Lookup);
    }

    [Fact]
    public async Task What_was_found_before_a_reload_is_found_after_it()
    {
        await _rig.Ask(Question, Answer);
        _rig.Use(SemanticRig.Shadow with { MaxWrongHits = 0.02 });
        await _rig.Ask(Paraphrase, Answer);
        Assert.Equal((1, 0.02), (_rig.State.Controller!.Report().WouldBe.Hits, _rig.State.Controller.Report().Target));
    }

    public void Dispose() => _rig.Dispose();
}

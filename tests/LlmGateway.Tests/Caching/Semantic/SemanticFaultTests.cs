using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Embedding.Builtin;
using LlmGateway.Catalog;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>Whatever fails, a request goes on as if nothing had been found.</summary>
public sealed class SemanticFaultTests
{
    private const string Question = "How do I freeze fresh bread at home?";
    private const string Paraphrase = "How can I freeze fresh bread at home?";

    private static readonly Deployment Deployment = new()
    {
        Name = "p/embed",
        Provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1") },
        Model = "embed",
        PriceName = "p/embed",
    };

    private static readonly SemanticSettings Named = SemanticRig.Shadow with { Embedder = Deployment, Dimensions = 256 };

    [Fact]
    public async Task A_deployment_that_nothing_makes_vectors_with_is_off_and_says_so()
    {
        using var rig = new SemanticRig(Named);
        Assert.Null((await rig.LookUp(Question)).Lookup);
        Assert.Equal((SemanticMode.Off, "nothing makes vectors with p/embed"), (rig.State.Mode, rig.State.OffBecause));
        Assert.Equal([new("not_fit", 1)], rig.State.Counts.Skipped);
        Assert.NotEqual(0, rig.Logs.Count(7102));
    }

    [Fact]
    public async Task An_embedder_that_makes_one_vector_of_all_is_refused_by_its_probe()
    {
        var one = new float[256];
        one[7] = 1;
        using var rig = Rig(new Scripted(_ => new(EmbeddingResult.Of(one))));
        Assert.Null((await rig.LookUp(Question)).Lookup);
        Assert.Equal(SemanticMode.Off, rig.State.Mode);
        Assert.Contains("its embedder is not fit: it does not tell", rig.State.OffBecause, StringComparison.Ordinal);
        Assert.Equal(1, rig.Logs.Count(1953));
    }

    [Fact]
    public async Task Until_its_probe_is_answered_nothing_is_looked_up_with_it()
    {
        var scripted = new Scripted(_ => new(EmbeddingResult.Without(EmbeddingGap.Failed)));
        using var rig = Rig(scripted);
        Assert.Null((await rig.LookUp(Question)).Lookup);
        Assert.Equal([new("embedder_unproven", 1)], rig.State.Counts.Skipped);
        Assert.Equal(SemanticMode.Shadow, rig.State.Mode);

        scripted.Answer = Scripted.Builtin;
        rig.Time.Advance(ProbedEmbedder.Wait);
        Assert.True(SpinWait.SpinUntil(() => rig.State.Embedder!.Verdict.State is ProbeState.Fit, TimeSpan.FromSeconds(10)));
        await rig.Ask(Question, "Slice it.");
        await rig.Ask(Paraphrase, "Slice it.");
        Assert.Equal(1, rig.State.Controller!.Report().WouldBe.Hits);
    }

    [Fact]
    public async Task Without_the_tenants_consent_no_text_goes_to_a_deployment()
    {
        var scripted = new Scripted(Scripted.Builtin);
        using var rig = Rig(scripted);
        await rig.Ask(Question, "Slice it.");
        Assert.Equal(1, rig.State.Entries!.Count);

        rig.Use(Named, consent: false);
        scripted.Answer = _ => throw new InvalidOperationException("It was sent.");
        Assert.Null((await rig.LookUp(Paraphrase)).Lookup);

        // Not even what needs no vector.
        Assert.Null((await rig.LookUp(Question)).Lookup);
        Assert.Contains(new("no_consent", 2), rig.State.Counts.Skipped);
    }

    [Fact]
    public async Task A_vector_that_is_late_is_a_miss_at_the_deadline()
    {
        var scripted = new Scripted(Scripted.Builtin);
        using var rig = Rig(scripted);
        Assert.Equal(ProbeState.Fit, rig.State.Embedder!.Verdict.State);
        var never = new TaskCompletionSource<EmbeddingResult>();
        scripted.Answer = _ => new(never.Task);
        var asked = rig.LookUp(Question);
        rig.Time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.False(asked.IsCompleted);
        rig.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Null((await asked).Lookup);
        Assert.Equal([new("embedder_late", 1)], rig.State.Counts.Skipped);
    }

    [Fact]
    public async Task What_throws_is_a_miss_and_is_logged_once_a_minute()
    {
        var scripted = new Scripted(Scripted.Builtin);
        using var rig = Rig(scripted);
        Assert.Equal(ProbeState.Fit, rig.State.Embedder!.Verdict.State);
        scripted.Answer = _ => throw new InvalidOperationException("a defect");
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await rig.LookUp(Question)).Lookup);
        }

        Assert.Equal(1, rig.Logs.Count(7100));
        rig.Time.Advance(TimeSpan.FromMinutes(1));
        await rig.LookUp(Question);
        Assert.Equal(2, rig.Logs.Count(7100));
        Assert.Contains("4 others", rig.Logs.Messages.Last(message => message.Id == 7100).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 1_000_000)]
    [InlineData(100, 600)]
    public async Task Comparisons_beyond_the_room_for_them_are_given_up_and_counted_as_unjudged(int most, int bytes)
    {
        using var rig = new SemanticRig(configure: services => services.AddSingleton(new SemanticOptions { MostWaiting = most, MostWaitingBytes = bytes }));
        await rig.Ask(Question, "Slice it.");
        for (var i = 0; i < 5; i++)
        {
            var looked = await rig.LookUp("how do i freeze fresh bread at home");
            looked.Lookup!.Answered(looked.Key, (await rig.Store.FindAsync(rig.State.Entries!.FindEqual(PartitionOf(rig), EqualityOf(Question))!.Key))!);
        }

        await rig.Compare();
        Assert.Equal((2, 3), (rig.State.Controller!.Report().Evidence.Labelled, rig.State.Controller.Report().Unjudged));

        // There is room again.
        await rig.Ask("how do i freeze fresh bread at home", "Slice it.");
        Assert.Equal(3, rig.State.Controller.Report().Evidence.Labelled);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [InlineData(null)]
    public async Task A_judge_has_the_word_where_one_is_named(bool? right)
    {
        var judge = new Judge(right);
        using var rig = new SemanticRig(SemanticRig.Shadow with { Label = SemanticLabel.Judge, Judge = Deployment }, services => services.AddSingleton<IJudge>(judge));
        await rig.Ask(Question, "Slice it.");
        await rig.Ask(Paraphrase, "Wrap it.");

        var report = rig.State.Controller!.Report();
        Assert.Equal((right is null ? 0 : 1, right is false ? 1 : 0, right is null ? 1 : 0), (report.Evidence.Labelled, report.Evidence.Wrong, report.Unjudged));
        var asked = Assert.Single(judge.Asked);
        Assert.Equal((Paraphrase, "Wrap it.", Question, "Slice it."), (asked.Question, asked.Answer, asked.StoredQuestion, asked.StoredAnswer));
        Assert.Equal((Deployment, "acme"), (asked.Judge, asked.Asker.Tenant));
    }

    [Fact]
    public async Task A_judge_that_throws_has_said_nothing()
    {
        using var rig = new SemanticRig(SemanticRig.Shadow with { Label = SemanticLabel.Judge }, services => services.AddSingleton<IJudge>(new Judge(true) { Throws = true }));
        await rig.Ask(Question, "Slice it.");
        await rig.Ask(Paraphrase, "Wrap it.");
        Assert.Equal((0, 1), (rig.State.Controller!.Report().Evidence.Labelled, rig.State.Controller.Report().Unjudged));
    }

    private static SemanticRig Rig(IEmbedder embedder)
    {
        var rig = new SemanticRig(Named, services => services.AddSingleton<IEmbedderFactory>(new Factory(embedder)));
        _ = rig.State;
        return rig;
    }

    private static LlmGateway.Caching.Semantic.Index.PartitionKey PartitionOf(SemanticRig rig)
    {
        var exchange = rig.Exchange(SemanticRig.Chat(Question));
        using var canonical = exchange.Request!.Canonical(exchange.Endpoint);
        return LlmGateway.Caching.Semantic.Index.PartitionKey.Of(rig.Services.GetRequiredService<LlmGateway.Caching.CacheKeys>()
            .OfSurroundings(exchange, exchange.Snapshot.Routes["chat"], canonical, rig.State.Embedder!.Id));
    }

    private static TextKey EqualityOf(string text) => SemanticEntries.EqualityOf(LlmGateway.Caching.Semantic.Text.TextFacts.Of(text).Equality);

    private sealed class Factory(IEmbedder embedder) : IEmbedderFactory
    {
        public IEmbedder Create(Deployment deployment, int dimensions) => embedder;
    }

    private sealed class Scripted(Func<string, ValueTask<EmbeddingResult>> answer) : IEmbedder
    {
        public static readonly Func<string, ValueTask<EmbeddingResult>> Builtin = text => new(new BuiltinEmbedder().Embed(text));

        public Func<string, ValueTask<EmbeddingResult>> Answer { get; set; } = answer;

        public string Id => "scripted";

        public int Dimensions => 256;

        public ValueTask<EmbeddingResult> EmbedAsync(string text, EmbeddingContext context, CancellationToken cancellation) => Answer(text);
    }

    private sealed class Judge(bool? right) : IJudge
    {
        public bool Throws { get; init; }

        public List<JudgeCase> Asked { get; } = [];

        public ValueTask<bool?> SameAsync(JudgeCase @case, CancellationToken cancellation)
        {
            Asked.Add(@case);
            return Throws ? throw new InvalidOperationException("away") : new(right);
        }
    }
}

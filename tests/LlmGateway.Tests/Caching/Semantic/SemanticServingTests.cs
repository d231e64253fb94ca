using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>When answers are served, and when no longer.</summary>
public sealed class SemanticServingTests : IDisposable
{
    private const string Question = "How do I freeze fresh bread at home?";
    private const string Paraphrase = "How can I freeze fresh bread at home?";
    private const string Right = "Slice it and wrap it well.";
    private const string Wrong = "Never put any loaf into that icy machine, eat it today.";

    // A target that a few right answers prove.
    private static readonly SemanticSettings Serving = new() { Mode = SemanticMode.Serve, MaxWrongHits = 0.3, MinLabels = 10, Verify = 1 };

    private readonly Alerts _alerts = new();
    private readonly SemanticRig _rig;

    public SemanticServingTests() => _rig = new SemanticRig(Serving, services => services.AddSingleton<IOperatorAlerts>(_alerts));

    [Fact]
    public async Task Nothing_is_served_before_it_is_proven_and_then_it_is()
    {
        await _rig.Ask(Question, Right);
        var asked = await ProveAsync();
        Assert.Equal((asked, 0), (_rig.State.Controller!.Report().WouldBe.Hits, _rig.State.Controller.Report().Served.Hits));
        Assert.Equal(1, _rig.Logs.Count(7105));

        var hit = await _rig.LookUp(Paraphrase);
        Assert.Contains(Right, System.Text.Encoding.UTF8.GetString(hit.Lookup!.Serve!.Document.Span), StringComparison.Ordinal);
        Assert.Equal("req-1", hit.Lookup.Serve.RequestId);
        Assert.True(hit.Lookup.Verify);
    }

    [Fact]
    public async Task What_is_not_chosen_is_served_without_asking_a_provider()
    {
        _rig.Use(Serving with { Verify = 1e-9 });
        await _rig.Ask(Question, Right);
        await ProveAsync();

        // The coin of the rig always shows 0: what is chosen is chosen by the share alone.
        _rig.Use(Serving with { Verify = 0 });
        var hit = await _rig.LookUp(Paraphrase);
        Assert.NotNull(hit.Lookup!.Serve);
        Assert.False(hit.Lookup.Verify);
    }

    [Fact]
    public async Task In_shadow_nothing_is_served_even_when_all_is_proven()
    {
        _rig.Use(Serving with { Mode = SemanticMode.Shadow });
        await _rig.Ask(Question, Right);
        await ProveAsync();
        Assert.Equal(ServeState.Proven, _rig.State.Controller!.Report().State);
        for (var i = 0; i < 50; i++)
        {
            Assert.Null((await _rig.Ask(Paraphrase, Right)).Lookup!.Serve);
        }

        Assert.Equal(0, _rig.State.Controller.Report().Served.Hits);

        // The same proof serves once the operator wants it.
        _rig.Use(Serving);
        Assert.NotNull((await _rig.LookUp(Paraphrase)).Lookup!.Serve);
    }

    [Fact]
    public async Task Wrong_answers_shut_it_off_aloud()
    {
        await _rig.Ask(Question, Right);
        await ProveAsync();
        var served = 0;
        while (_rig.State.Controller!.Report().State is ServeState.Proven)
        {
            Assert.NotNull((await _rig.Ask(Paraphrase, served % 2 == 0 ? Wrong : Right)).Lookup!.Serve);
            Assert.InRange(++served, 0, 40);
        }

        Assert.Null((await _rig.LookUp(Paraphrase)).Lookup!.Serve);
        Assert.InRange(_rig.Logs.Count(7104), 1, 2);
        Assert.Contains(_rig.Logs.Messages, message => message.Id == 7104 && message.Text.Contains("Route chat", StringComparison.Ordinal));
        Assert.Equal((AlertTypes.SemanticOff, "chat"), (_alerts.Told[0].Type, _alerts.Told[0].Route));
        Assert.Equal(_rig.Logs.Count(7104), _alerts.Told.Count);
    }

    [Fact]
    public async Task A_partition_that_is_wrong_is_shut_off_by_itself_and_its_tenant_is_named()
    {
        await _rig.Ask(Question, Right);
        await ProveAsync(90);
        await _rig.Ask(Question, Right, tenant: "globex");
        for (var i = 0; i < 8; i++)
        {
            // What is said to it is never what was said last.
            await _rig.Ask(Paraphrase, i % 2 == 0 ? Wrong : Right, tenant: "globex");
        }

        Assert.Null((await _rig.LookUp(Paraphrase, tenant: "globex")).Lookup!.Serve);
        Assert.NotNull((await _rig.LookUp(Paraphrase)).Lookup!.Serve);
        var alert = Assert.Single(_alerts.Told);
        Assert.Equal("globex", alert.Tenant);
        Assert.StartsWith("globex/", alert.Part, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_confirm_an_answer_is_served_only_once_one_to_somebody_else_has_agreed()
    {
        _rig.Use(Serving with { Confirm = true });
        await _rig.Ask(Question, Right, user: "ann");
        for (var i = 0; i < 40; i++)
        {
            // It may be wrong on purpose: whoever wrote it cannot vouch for it, as often as it is asked.
            Assert.Null((await _rig.Ask("how do i freeze fresh bread at home", Right, user: "ann")).Lookup!.Serve);
        }

        Assert.Equal(ServeState.Proven, _rig.State.Controller!.Report().State);
        Assert.Null((await _rig.Ask("how do i freeze fresh bread at home", Right, user: "bob")).Lookup!.Serve);
        Assert.NotNull((await _rig.LookUp("how do i freeze fresh bread at home", user: "ann")).Lookup!.Serve);
    }

    [Fact]
    public async Task Feedback_of_who_was_served_takes_the_entry_out()
    {
        await _rig.Ask(Question, Right);
        await ProveAsync();
        var hit = await _rig.LookUp("how do i freeze fresh bread at home");
        Assert.NotNull(hit.Lookup!.Serve);
        Assert.True(_rig.Cache.Forget("acme", hit.Exchange.RequestId));
        Assert.DoesNotContain("req-1", Enumerable.Repeat((await _rig.LookUp("how do i freeze fresh bread at home")).Lookup!.Serve?.RequestId, 1));
    }

    [Fact]
    public async Task What_was_served_is_unjudged_and_not_withdrawn_when_no_provider_says_whether_it_was_right()
    {
        await _rig.Ask(Question, Right);
        await ProveAsync();
        var hit = await _rig.LookUp(Paraphrase);
        Assert.NotNull(hit.Lookup!.Serve);
        hit.Lookup.Withdraw();

        // One of a dozen is more than may go unjudged.
        Assert.Null((await _rig.LookUp(Paraphrase)).Lookup!.Serve);
        Assert.Equal(ProofReason.Unjudged, _rig.State.Controller!.Report().Reason);
    }

    [Fact]
    public async Task Proofs_are_kept_for_the_next_start()
    {
        await _rig.Ask(Question, Right);
        await ProveAsync();
        _rig.Services.GetRequiredService<ProofBook>().Keep();
        Assert.Contains(_rig.Proofs.Load("chat", _rig.State.Controller!.Epoch), proof => proof.State.State == ServeState.Proven);
    }

    [Theory]
    [InlineData("threshold")]
    [InlineData("generation")]
    [InlineData("judge")]
    [InlineData("confirm")]
    public async Task Whatever_decides_on_hits_begins_the_proof_anew(string what)
    {
        await _rig.Ask(Question, Right);
        await ProveAsync();
        _rig.Use(
            what switch
            {
                "threshold" => Serving with { Threshold = 0.51 },
                "judge" => Serving with { Label = SemanticLabel.Judge },
                "confirm" => Serving with { Confirm = true },
                _ => Serving,
            },
            generation: what == "generation" ? 1 : 0);
        Assert.Equal((ServeState.Shadow, 0), (_rig.State.Controller!.Report().State, _rig.State.Controller.Report().Evidence.Labelled));
    }

    public void Dispose() => _rig.Dispose();

    /// <summary>Equal questions, so that each of them hits.</summary>
    private async Task<int> ProveAsync(int least = 0)
    {
        var asked = 0;
        while (asked < least || _rig.State.Controller!.Report().State is not ServeState.Proven)
        {
            await _rig.Ask("how do i freeze fresh bread at home", Right);
            Assert.InRange(++asked, 0, 100);
        }

        return asked;
    }

    private sealed class Alerts : IOperatorAlerts
    {
        public List<OperatorAlert> Told { get; } = [];

        public void Tell(OperatorAlert alert) => Told.Add(alert);
    }
}

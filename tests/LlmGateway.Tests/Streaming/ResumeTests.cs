using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Upstream;

namespace LlmGateway.Tests.Streaming;

public class ResumeTests
{
    [Fact]
    public async Task The_broken_attempt_is_booked_with_its_fault_before_anybody_else_is_asked()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["Rivers", " carry"], "two", usage: Wire.Usage(9, 4, "two")));

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers"));

        Assert.Equal("Rivers carry", view.Content);
        Assert.Equal([1, 2], rig.Settled);
        var (broken, second) = (rig.Attempts[0], rig.Attempts[1]);
        Assert.Equal((AttemptResult.Failed, ErrorClass.BadGateway), (broken.Outcome!.Result, broken.Outcome.Class));
        Assert.False(broken.HasMeasuredUsage);
        Assert.Equal("Rivers"u8, broken.ReceivedText.Span);
        Assert.Equal((AttemptResult.Succeeded, "stop", 4L), (second.Outcome!.Result, second.FinishReason, second.Usage.OutputTokens));
        Assert.NotNull(second.FirstEventAt);
        Assert.Equal(["resumes_total{deployment=p2/m,result=resumed}"], rig.Meters.Counts.Keys);
        Assert.Null(rig.Exchange.Broken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Only_a_route_that_resumes_does(bool holdsBack)
    {
        var rule = holdsBack ? MidStreamRule.Buffer : MidStreamRule.Error;
        using var rig = new StreamRig(rule: rule);
        rig.Then(Wire.Answer(["Rivers"], "two"));

        var stream = await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Rivers"), end: ProviderEnd.Breaks));

        Assert.Equal(holdsBack, stream is null);
        Assert.True(stream is null || new ClientView(stream).Error == "upstream_error");
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task Without_anybody_left_the_client_is_told_the_last_failure()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Content("Rivers ca", "two") + Wire.Event("""{"error":{"message":"full","type":"overloaded_error","code":503}}"""));

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers"));

        Assert.Equal("Rivers ca", view.Content);
        Assert.Equal("overloaded", view.Error);
        Assert.Equal("overloaded", rig.Exchange.Broken);
        Assert.False(view.IsDone);
        Assert.Equal([1, 2], rig.Settled);
        Assert.Equal(["Rivers", "Rivers ca"], rig.Prefixes);
        Assert.Equal(
            ["resumes_total{deployment=p2/m,result=failed}", "resumes_total{deployment=p2/m,result=none_left}"], rig.Meters.Counts.Keys.Order());
    }

    [Theory]
    [InlineData("Rivers")]
    [InlineData("Ri")]
    public async Task An_answer_that_ends_before_it_has_said_what_was_delivered_departs(string second)
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer([second], "two"));

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers carry"));

        Assert.Equal(("Rivers carry", "upstream_error", false), (view.Content, view.Error, view.IsDone));
        Assert.Equal("departed", Assert.Single(rig.Meters.Counts.Keys).Split("result=")[1].TrimEnd('}'));
    }

    [Theory]
    [InlineData("\"n\":2")]
    [InlineData("\"n\":3")]
    public async Task Several_answers_at_once_are_not_gone_on_with(string members)
    {
        using var rig = new StreamRig($$"""{"model":"chat","messages":[],"stream":true,{{members}}}""");

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers"));

        Assert.Equal("upstream_error", view.Error);
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task A_policys_refusal_is_not_tried_elsewhere()
    {
        using var rig = new StreamRig();

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers")
            + Wire.Event("""{"error":{"message":"The response was filtered","type":"invalid_request_error","code":"content_filter"}}"""));

        Assert.Equal("content_filter", view.Error);
        Assert.Empty(rig.Prefixes);
    }

    [Theory]
    [InlineData("\"refusal\":\"No.\"")]
    [InlineData("\"content\":[{\"type\":\"text\",\"text\":\"Rivers\"}]")]
    [InlineData("\"audio\":{\"data\":\"AAAA\"}")]
    [InlineData("\"function_call\":{\"name\":\"f\",\"arguments\":\"{\"}")]
    [InlineData("\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]")]
    public async Task What_cannot_be_compared_is_not_gone_on_with(string delta)
    {
        using var rig = new StreamRig();

        var stream = await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Rivers") + Wire.Chunk(delta), end: ProviderEnd.Breaks));

        Assert.EndsWith(",\"choices\":null}\n\n", stream, StringComparison.Ordinal);
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task A_finished_answer_is_whole_even_where_the_connection_breaks_behind_it()
    {
        using var rig = new StreamRig();

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers") + Wire.Finish());

        Assert.Equal((true, null), (view.IsDone, view.Error));
        Assert.Equal(AttemptResult.Succeeded, rig.Attempts[0].Outcome!.Result);
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task An_error_behind_the_finish_is_told_and_nobody_is_asked_to_finish_again()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Answer(["Rivers"], "two"));

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Rivers") + Wire.Finish() + Wire.Event("""{"error":{"message":"late"}}"""));

        Assert.Equal((false, "upstream_error"), (view.IsDone, view.Error));
        Assert.Equal(["stop"], view.FinishReasons);
        Assert.Empty(rig.Prefixes);
    }

    [Fact]
    public async Task A_call_of_a_tool_may_follow_the_text_that_was_gone_on_from()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Content(" see.", "two") + Wire.ToolStart(0, "a", "f", "two") + Wire.ToolArguments(0, "{}", "two") + Wire.Finish("two", "tool_calls") + Wire.Done, fromPrefix: true);

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Let me"));

        Assert.Equal(("Let me see.", true), (view.Content, view.IsDone));
        Assert.Equal([("a", "f", "{}")], view.Tools.Values);
    }

    [Fact]
    public async Task Mistral_gives_the_prefix_back_and_it_is_not_sent_twice()
    {
        using var rig = new StreamRig();
        rig.Then(new ProviderBytes(Wire.Answer(["Riv", "ers carry"], "two")), fromPrefix: true, profile: "mistral");

        Assert.Equal("Rivers carry", (await RunAsync(rig, Wire.Role() + Wire.Content("Rivers"))).Content);
    }

    [Fact]
    public async Task A_client_that_gave_the_beginning_of_the_answer_itself_gets_one_that_begins_anew()
    {
        using var rig = new StreamRig("""{"model":"chat","messages":[{"role":"assistant","content":"R","prefix":true}],"stream":true}""");
        rig.Then(Wire.Answer(["ivers"], "two"));

        Assert.Equal("ivers", (await RunAsync(rig, Wire.Role() + Wire.Content("iv"))).Content);
        Assert.Equal([""], rig.Prefixes);
    }

    [Fact]
    public async Task Legacy_completions_are_gone_on_with_anew()
    {
        static string Text(string text, string id, string finish = "null") =>
            Wire.Event($$"""{"id":"{{id}}","object":"text_completion","created":1,"model":"m","choices":[{"text":{{Wire.String(text)}},"index":0,"logprobs":null,"finish_reason":{{finish}}}]}""");
        using var rig = new StreamRig("""{"model":"chat","prompt":"Say","stream":true}""", endpoint: EndpointKind.Completions);
        rig.Then(Text("Riv", "two") + Text("ers ca", "two") + Text("rry", "two", "\"length\"") + Wire.Done);

        var view = await RunAsync(rig, Text("Rive", "one") + Text("rs", "one"));

        Assert.Equal(("Rivers carry", true), (view.Content, view.IsDone));
        Assert.Equal(["length"], view.FinishReasons);
        Assert.StartsWith("one ", Assert.Single(view.Heads), StringComparison.Ordinal);
        Assert.Equal([""], rig.Prefixes);
    }

    [Fact]
    public async Task Finish_reasons_of_vendors_are_made_legal_and_log_probabilities_of_a_cut_event_are_left_out()
    {
        using var rig = new StreamRig();
        rig.Then(Wire.Role("two") + Wire.Content("Rivers carry", "two").Replace("\"logprobs\":null", "\"logprobs\":{\"content\":[1]}", StringComparison.Ordinal)
            + Wire.Finish("two", "eos").Replace("\"logprobs\":null", "\"logprobs\":{\"content\":[2]}", StringComparison.Ordinal) + Wire.Done);

        var stream = await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Rivers"), end: ProviderEnd.Breaks));

        Assert.Equal(["stop"], new ClientView(stream!).FinishReasons);
        Assert.DoesNotContain("[1]", stream, StringComparison.Ordinal);
        Assert.Contains("[2]", stream, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comments_reach_the_client_while_it_waits_and_events_that_are_not_JSON_do_not()
    {
        using var rig = new StreamRig();
        rig.Then(": queued\n\n" + "data: {oops\n\n" + Wire.Answer(["Rivers", " carry"], "two"));

        var stream = await rig.RunAsync(new ProviderBytes(Wire.Role() + Wire.Content("Rivers"), end: ProviderEnd.Breaks));

        Assert.Contains(": queued\n\n", stream, StringComparison.Ordinal);
        Assert.DoesNotContain("oops", stream, StringComparison.Ordinal);
        Assert.Equal(("Rivers carry", true), (new ClientView(stream!).Content, new ClientView(stream!).IsDone));
    }

    [Fact]
    public async Task Half_a_surrogate_pair_and_bytes_that_are_no_text_break_nothing()
    {
        using var rig = new StreamRig();
        var bad = Wire.Bytes(Wire.Content("Rivers #", "two"));
        bad[Array.IndexOf(bad, (byte)'#')] = 0xFF;
        rig.Then(new ProviderBytes([.. Wire.Bytes(Wire.Role("two")), .. bad, .. Wire.Bytes(Wire.Chunk("\"content\":\"\\ud83d\"", "two") + Wire.Finish("two") + Wire.Done)]));

        var view = await RunAsync(rig, Wire.Role() + Wire.Content("Riv"));

        Assert.Equal(("Rivers \uFFFD\uFFFD", true), (view.Content, view.IsDone));
    }

    [Fact]
    public async Task More_text_than_is_kept_is_not_gone_on_with()
    {
        using var rig = new StreamRig();
        var much = new string('x', 300_000);

        var view = await RunAsync(rig, Wire.Role() + string.Concat(Enumerable.Repeat(Wire.Content(much), 4)));

        Assert.Equal((1_200_000, "upstream_error"), (view.Content.Length, view.Error));
        Assert.Empty(rig.Prefixes);
    }

    private static async Task<ClientView> RunAsync(StreamRig rig, string first) =>
        new((await rig.RunAsync(new ProviderBytes(first, end: ProviderEnd.Breaks)))!);
}

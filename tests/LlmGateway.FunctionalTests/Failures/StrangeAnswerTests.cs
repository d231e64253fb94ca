using System.Net;
using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>Answers under a 200 that look whole and are not, figures that cannot be, and errors that break off.</summary>
public class StrangeAnswerTests
{
    private const string Word = "data: {\"model\":\"any\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Rivers carry water and sand.\"}}]}\n\n";

    [Fact]
    public async Task An_end_mark_behind_an_answer_that_nobody_finished_is_not_an_end()
    {
        await using var upstream = Answering(ScriptedUpstream.Head("text/event-stream") + Word + "data: [DONE]\n\n");
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        var events = await gateway.StreamAsync(model: "down");

        Assert.Contains("Rivers carry", events[0], StringComparison.Ordinal);
        Assert.Equal("upstream_error", JsonDocument.Parse(events[^1]).RootElement.GetProperty("error").GetProperty("code").GetString());
        var row = gateway.OnlyRow();
        Assert.Equal("bad_gateway", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n")]
    public async Task Text_that_the_reported_usage_does_not_count_is_estimated(string end)
    {
        const string First = "data: {\"model\":\"any\",\"choices\":[],\"usage\":{\"prompt_tokens\":1200,\"completion_tokens\":0}}\n\n";
        await using var upstream = Answering(ScriptedUpstream.Head("text/event-stream") + First + Word + Word + end);
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.StreamAsync(model: "down");

        var row = gateway.OnlyRow();
        Assert.Equal(("estimated", "estimated"), (row["usage_source"], row["price_status"]));
        Assert.Equal(1200L, row["input_tokens"]);
        Assert.InRange((long)row["output_tokens"]!, 8, 20);
    }

    [Fact]
    public async Task An_absurd_count_is_none_and_reports_still_add_up()
    {
        await using var upstream = Answering(ScriptedUpstream.Head("application/json")
            + """{"model":"any","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":99999999999999999999,"completion_tokens":9223372036854775807}}""");
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var first = await gateway.ChatAsync(model: "down");
        using var second = await gateway.ChatAsync(model: "down");
        var report = await new AdminClient(gateway).GetAsync("usage?group_by=route");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        Assert.All(gateway.Rows(), row => Assert.Equal("estimated", row["usage_source"]));
        Assert.Equal(HttpStatusCode.OK, report.Status);
        var line = report.Json.GetProperty("rows")[0];
        Assert.Equal(2, line.GetProperty("requests").GetInt64());
        Assert.Equal(gateway.Rows().Sum(row => (long)row["input_tokens"]!), line.GetProperty("input_tokens").GetInt64());
    }

    [Fact]
    public async Task Every_choice_gets_a_finish_reason_that_typed_clients_know()
    {
        const string Usage = "\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":5}";
        await using var upstream = new ScriptedUpstream(call => call.WriteAsync(call.Body.Contains("\"stream\":true", StringComparison.Ordinal)
            ? ScriptedUpstream.Head("text/event-stream")
                + "data: {\"model\":\"any\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"model_length\"},{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":\"eos\"}]," + Usage + "}\n\ndata: [DONE]\n\n"
            : ScriptedUpstream.Head("application/json")
                + "{\"model\":\"any\",\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":\"model_length\"},{\"index\":1,\"message\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]," + Usage + "}"));
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var whole = await gateway.ChatAsync("\"n\":2", "down");
        var events = await gateway.StreamAsync("\"n\":2", "down");

        Assert.Equal(["length", "stop"], Reasons(await whole.Content.ReadAsStringAsync()));
        Assert.Equal(["length", "stop"], Reasons(events[0]));
    }

    [Theory]
    [InlineData("insufficient_system_resource", HttpStatusCode.ServiceUnavailable, "overloaded")]
    [InlineData("abort", HttpStatusCode.BadGateway, "bad_gateway")]
    [InlineData("error", HttpStatusCode.BadGateway, "bad_gateway")]
    public async Task A_finish_reason_that_means_a_failure_is_one_of_its_class(string reason, HttpStatusCode status, string errorClass)
    {
        await using var upstream = Answering(ScriptedUpstream.Head("application/json")
            + $$$"""{"model":"any","choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"{{{reason}}}"}],"usage":{"prompt_tokens":5,"completion_tokens":5}}""");
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(model: "down");

        Assert.Equal(status, response.StatusCode);
        var row = gateway.OnlyRow();
        Assert.Equal((errorClass, "measured"), (row["error_class"], row["usage_source"]));
    }

    [Theory]
    [InlineData("429 Too Many Requests", "retry-after: 7\r\n", HttpStatusCode.TooManyRequests, "rate_limit", "7")]
    [InlineData("401 Unauthorized", "", HttpStatusCode.BadGateway, "upstream_auth", null)]
    public async Task An_error_that_breaks_off_keeps_its_status(string line, string headers, HttpStatusCode seen, string errorClass, string? retryAfter)
    {
        await using var upstream = Answering($"HTTP/1.1 {line}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n{headers}connection: close\r\n\r\n{{\"error\":{{");
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.ChatAsync(model: "down");

        Assert.Equal(seen, response.StatusCode);
        Assert.Equal(retryAfter, response.Headers.TryGetValues("retry-after", out var values) ? Assert.Single(values) : null);
        Assert.Equal(errorClass, gateway.OnlyRow()["error_class"]);
    }

    [Fact]
    public async Task A_stream_without_an_end_mark_is_whole_when_what_was_asked_for_has_come_whatever_the_provider_chose_from()
    {
        await using var upstream = Answering(ScriptedUpstream.Head("text/event-stream")
            + "data: {\"model\":\"any\",\"choices\":[{\"index\":0,\"text\":\"Rivers\",\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":5}}\n\n");
        using var configuration = new TestConfiguration().WithUpstream(upstream.BaseUrl);
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync("v1/completions", """{"model":"down","prompt":"Say","n":1,"best_of":3,"stream":true}""");

        Assert.EndsWith("data: [DONE]\n\n", await response.Content.ReadAsStringAsync(gateway.Soon), StringComparison.Ordinal);
        Assert.Null(gateway.OnlyRow()["error_class"]);
    }

    private static ScriptedUpstream Answering(string answer) => new(call => call.WriteAsync(answer));

    private static string[] Reasons(string json) =>
        [.. JsonDocument.Parse(json).RootElement.GetProperty("choices").EnumerateArray().Select(choice => choice.GetProperty("finish_reason").GetString()!)];
}

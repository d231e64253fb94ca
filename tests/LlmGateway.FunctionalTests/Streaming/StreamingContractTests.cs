using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Streaming;

/// <summary>The rules of OpenAI's stream, seen by a client that reads the bytes.</summary>
public class StreamingContractTests
{
    [Fact]
    public async Task Usage_is_asked_of_the_provider_and_hidden_from_a_client_that_did_not_ask()
    {
        await using var gateway = await TestGateway.StartAsync();

        var events = await gateway.StreamAsync();

        Assert.Equal("[DONE]", events[^1]);
        Assert.DoesNotContain(events, data => data.Contains("\"usage\"", StringComparison.Ordinal));
        Assert.DoesNotContain(events, data => data.Contains("\"choices\":[]", StringComparison.Ordinal));
        var sent = System.Text.Encoding.UTF8.GetString(Assert.Single(gateway.Simulator.Requests.Snapshot()).Body.Span);
        Assert.True(JsonDocument.Parse(sent).RootElement.GetProperty("stream_options").GetProperty("include_usage").GetBoolean());
        var row = gateway.OnlyRow();
        Assert.Equal("measured", row["usage_source"]);
        Assert.Equal(1L, row["stream"]);
        Assert.NotNull(row["first_event_at"]);
        Assert.True((long)row["output_tokens"]! > 0);
    }

    [Fact]
    public async Task A_client_that_asked_for_usage_sees_what_the_provider_sent_byte_for_byte()
    {
        await using var gateway = await TestGateway.StartAsync();
        const string ask = "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"seed\":1";

        using var through = await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody(ask));
        using var direct = await gateway.PostAsync(gateway.Simulator.BaseAddress + "/chat/completions", TestGateway.ChatBody(ask, "sim-small"));

        var expected = Normal(await direct.Content.ReadAsStringAsync());
        Assert.Contains("\"usage\":{", expected, StringComparison.Ordinal);
        Assert.Equal(expected, Normal(await through.Content.ReadAsStringAsync()));
        Assert.Equal("text/event-stream; charset=utf-8", through.Content.Headers.ContentType!.ToString());
    }

    [Theory]
    [InlineData("crlf")]
    [InlineData("split=1")]
    [InlineData("split=7,crlf")]
    [InlineData("keepalive=1ms")]
    [InlineData("usageinfinish")]
    [InlineData("kimi")]
    [InlineData("emptyfirst")]
    [InlineData("nodone")]
    public async Task However_a_provider_frames_its_stream_the_client_reads_the_same_text_and_the_row_is_the_same(string fault)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["odd"] = fault });
        await using var gateway = await TestGateway.StartAsync(configuration);

        var odd = await gateway.StreamAsync(model: "odd");
        var plain = await gateway.StreamAsync();

        Assert.Equal(Text(plain), Text(odd));
        Assert.Equal("[DONE]", odd[^1].Trim());
        Assert.DoesNotContain(odd, data => data.Contains("\"usage\"", StringComparison.Ordinal));
        var rows = gateway.Rows();
        foreach (var column in new[] { "input_tokens", "output_tokens", "cost", "finish_reason", "usage_source", "price_status" })
        {
            Assert.Equal(rows[1][column], rows[0][column]);
        }
    }

    [Fact]
    public async Task Without_any_usage_the_row_is_estimated_from_the_text_and_says_so()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["silent"] = "nousage" });
        await using var gateway = await TestGateway.StartAsync(configuration);

        await gateway.StreamAsync(model: "silent");

        var row = gateway.OnlyRow();
        Assert.Equal("estimated", row["usage_source"]);
        Assert.Equal("estimated", row["price_status"]);
        Assert.True((long)row["output_tokens"]! > 10);
        Assert.True((long)row["input_tokens"]! > 3);
        Assert.NotNull(row["cost"]);
    }

    [Theory]
    [InlineData("cut=8", "bad_gateway")]
    [InlineData("malformed=3,cut=8", "bad_gateway")]
    public async Task A_stream_that_dies_ends_with_an_error_event_and_never_with_the_end_mark(string fault, string errorClass)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["dying"] = fault });
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "dying"), HttpCompletionOption.ResponseHeadersRead);

        var text = await response.Content.ReadAsStringAsync(gateway.Soon);

        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        var last = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("data: {\"error\":{", last, StringComparison.Ordinal);
        var row = gateway.OnlyRow();
        Assert.Equal(errorClass, row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
        Assert.True((long)row["output_tokens"]! > 0, "what was received is billed");
    }

    [Theory]
    [InlineData("malformed=1")]
    [InlineData("malformed=8")]
    public async Task An_event_that_is_not_JSON_is_left_out_of_a_stream_that_becomes_whole_all_the_same(string fault)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["careless"] = fault });
        await using var gateway = await TestGateway.StartAsync(configuration);

        var events = await gateway.StreamAsync(model: "careless");

        Assert.Equal("[DONE]", events[^1]);
        Assert.All(events.SkipLast(1), data => Assert.NotNull(JsonDocument.Parse(data)));
        Assert.Null(gateway.OnlyRow()["error_class"]);
    }

    [Theory]
    [InlineData("error=0", 503)]
    [InlineData("cut=0", 502)]
    [InlineData("malformed=1,cut=1", 502)]
    [InlineData("error200", 0)]
    public async Task A_stream_that_fails_before_its_first_event_is_an_error_with_a_status(string fault, int status)
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["stillborn"] = fault });
        await using var gateway = await TestGateway.StartAsync(configuration);

        using var response = await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "stillborn"));

        Assert.False(response.IsSuccessStatusCode);
        Assert.True(status == 0 || (int)response.StatusCode is >= 500 and < 600);
        await TestGateway.ErrorAsync(response);
        Assert.NotNull(gateway.OnlyRow()["error_class"]);
    }

    [Fact]
    public async Task A_client_that_leaves_cancels_the_provider_at_once_and_is_billed_for_what_was_received()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["endless"] = "tokens=5000,pace=5ms" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        using (var response = await gateway.PostAsync(
            "v1/chat/completions", TestGateway.ChatBody("\"stream\":true,\"max_tokens\":5000", "endless"), HttpCompletionOption.ResponseHeadersRead))
        {
            await using var body = await response.Content.ReadAsStreamAsync(gateway.Soon);
            var buffer = new byte[4096];
            Assert.True(await body.ReadAsync(buffer, gateway.Soon) > 0);
        }

        var cancelled = await gateway.Simulator.Requests.WaitAsync(request => request.ClientAborted, gateway.Soon);
        var row = Assert.Single(await gateway.WaitForRowsAsync(1));
        Assert.True(cancelled.EventsWritten < 5000);
        Assert.Equal("cancelled", row["error_class"]);
        Assert.Equal("estimated", row["usage_source"]);
        Assert.True((long)row["input_tokens"]! > 0);
        Assert.NotNull(row["cost"]);
    }

    [Fact]
    public async Task A_slow_client_holds_the_provider_back()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["flood"] = "tokens=16000" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        using var response = await gateway.PostAsync(
            "v1/chat/completions", TestGateway.ChatBody("\"stream\":true,\"max_tokens\":16000,\"n\":16", "flood"), HttpCompletionOption.ResponseHeadersRead);
        var request = Assert.Single(gateway.Simulator.Requests.Snapshot());

        // Nobody reads: what has been written settles at what sockets and pipes hold.
        var before = -1;
        for (var calm = 0; calm < 50; calm = request.EventsWritten == before ? calm + 1 : 0)
        {
            before = request.EventsWritten;
            await Task.Delay(10, gateway.Soon);
        }

        Assert.True(request.EventsWritten < 16 * 16000, $"{request.EventsWritten} of {16 * 16000} events were taken from the provider though nobody read them");
        Assert.Null(request.FinishedAt);
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    private static string Text(IEnumerable<string> events) => string.Concat(
        events.Where(data => data.StartsWith('{')).Select(data => JsonDocument.Parse(data).RootElement)
            .SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray())
            .Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    /// <summary>Ids and times differ from request to request; nothing else may.</summary>
    private static string Normal(string stream) =>
        System.Text.RegularExpressions.Regex.Replace(stream, "\"(id|created)\":(\"[^\"]*\"|\\d+)", "\"$1\":0");
}

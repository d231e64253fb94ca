using System.ClientModel;
using System.ClientModel.Primitives;
using LlmGateway.FunctionalTests.Hosting;
using OpenAI;
using OpenAI.Chat;

namespace LlmGateway.FunctionalTests.Sdk;

public sealed class StalledStreamTests
{
    [Theory]
    [InlineData("stall", "timeouts.idle", "idle: 300ms, total: 60s")]
    [InlineData("slow", "timeouts.total", "idle: 60s, total: 2s")]
    public async Task A_stream_that_outlasts_a_limit_ends_with_an_error_event_and_not_with_a_broken_connection(string model, string limit, string limits)
    {
        // Of the limits only the one in question is near: on a busy machine a token may come late.
        using var configuration = new TestConfiguration(
            new Dictionary<string, string> { ["stall"] = "stall=4", ["slow"] = "pace=50ms,tokens=1000" },
            timeouts: $"{{ connect: 30s, first_event: 60s, {limits} }}");
        await using var gateway = await TestGateway.StartAsync(configuration);
        var client = new OpenAIClient(
            new ApiKeyCredential(TestConfiguration.Key), new OpenAIClientOptions { Endpoint = gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });

        var frames = await gateway.StreamAsync(model: model);
        var text = "";
        var error = await Record.ExceptionAsync(async () =>
        {
            await foreach (StreamingChatCompletionUpdate update in client.GetChatClient(model).CompleteChatStreamingAsync("Hello"))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }
        });

        Assert.Contains("\"code\":\"deadline_exceeded\"", frames[^1], StringComparison.Ordinal);
        Assert.Contains(limit, frames[^1], StringComparison.Ordinal);
        Assert.NotEmpty(text);
        Assert.NotNull(error);
        Assert.IsNotType<IOException>(error);
        Assert.All(gateway.Rows(), row => Assert.Equal("timeout", row["error_class"]));
        Assert.Equal(2, gateway.Rows().Count);
    }
}

using System.ClientModel;
using System.ClientModel.Primitives;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Sdk;
using OpenAI;
using OpenAI.Chat;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>What one official client stored another one reads, in whatever shape it asks for.</summary>
public class SdkTests
{
    [Fact]
    public async Task The_npm_SDK_stores_in_every_shape_and_reads_in_every_other()
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);

        await NodeScript.RunAsync("cache.test.mjs", gateway.BaseUrl, TestConfiguration.Key, gateway.Soon);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task The_NET_SDK_does_so_too(bool stored, bool given)
    {
        using var configuration = CachingGateway.Configuration();
        await using var gateway = await CachingGateway.StartAsync(configuration);
        var chat = new OpenAIClient(
            new ApiKeyCredential(TestConfiguration.Key), new OpenAIClientOptions { Endpoint = gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient("chat");

        var first = await SayAsync(chat, stored);
        var second = await SayAsync(chat, given);

        Assert.Equal(first, second);
        Assert.NotEmpty(first.Text);
        Assert.True(first.Tokens > 0);
        Assert.Equal(1, gateway.Calls());
    }

    private static async Task<(string Text, ChatFinishReason? Reason, int? Tokens)> SayAsync(ChatClient chat, bool stream)
    {
        ChatMessage[] messages = [new SystemChatMessage("Be brief."), new UserChatMessage("What is a river?")];
        if (!stream)
        {
            ChatCompletion answer = await chat.CompleteChatAsync(messages);
            return (answer.Content[0].Text, answer.FinishReason, answer.Usage.TotalTokenCount);
        }

        var (text, reason, tokens) = ("", default(ChatFinishReason?), default(int?));
        await foreach (var update in chat.CompleteChatStreamingAsync(messages))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            reason = update.FinishReason ?? reason;
            tokens = update.Usage?.TotalTokenCount ?? tokens;
        }

        return (text, reason, tokens);
    }
}

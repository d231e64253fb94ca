using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>Official SDKs read an answer that was kept, whichever way it is written.</summary>
public sealed class KeptAnswerTests
{
    private static readonly ChatMessage[] Prompt = [new UserChatMessage("Hi")];

    [Fact]
    public async Task The_NET_SDK_reads_a_whole_answer()
    {
        await using var server = await KeptAnswerServer.StartAsync();

        ChatCompletion text = await Chat(server, "text").CompleteChatAsync(Prompt);
        ChatCompletion tools = await Chat(server, "tools").CompleteChatAsync(Prompt);
        ChatCompletion refusal = await Chat(server, "refusal").CompleteChatAsync(Prompt);

        Assert.Equal(("chatcmpl-kept", KeptAnswerServer.LongText, ChatFinishReason.Stop, 5), (text.Id, text.Content[0].Text, text.FinishReason, text.Usage.OutputTokenCount));
        Assert.Equal("Hi", Assert.Single(text.ContentTokenLogProbabilities).Token);
        Assert.Equal(["weather", "time"], tools.ToolCalls.Select(static call => call.FunctionName));
        Assert.Equal("""{"city":"Zürich"}""", tools.ToolCalls[0].FunctionArguments.ToString());
        Assert.Equal("I cannot.", refusal.Refusal);
    }

    [Fact]
    public async Task The_NET_SDK_reads_a_stream()
    {
        await using var server = await KeptAnswerServer.StartAsync();
        var updates = await Read(server, "text");

        Assert.Equal(KeptAnswerServer.LongText, string.Concat(updates.SelectMany(static update => update.ContentUpdate).Select(static part => part.Text)));
        Assert.Equal(ChatMessageRole.Assistant, updates[0].Role);
        Assert.Equal("chatcmpl-kept", Assert.Single(updates.Select(static update => update.CompletionId).Distinct()));
        Assert.Equal("Hi", Assert.Single(updates.SelectMany(static update => update.ContentTokenLogProbabilities)).Token);
        Assert.Equal(ChatFinishReason.Stop, Assert.Single(updates, static update => update.FinishReason is not null).FinishReason);
        Assert.Equal(5, Assert.Single(updates, static update => update.Usage is not null).Usage.OutputTokenCount);
    }

    [Fact]
    public async Task The_NET_SDK_reads_streamed_calls_of_tools()
    {
        await using var server = await KeptAnswerServer.StartAsync();
        var pieces = (await Read(server, "tools")).SelectMany(static update => update.ToolCallUpdates).ToLookup(static piece => piece.Index);

        Assert.Equal(["call_1", "call_2"], pieces.Select(static call => Assert.Single(call, static piece => piece.ToolCallId is not null).ToolCallId));
        Assert.Equal("""{"city":"Zürich"}""", string.Concat(pieces[0].Select(static piece => piece.FunctionArgumentsUpdate.ToString())));
        Assert.Equal("I cannot.", string.Concat((await Read(server, "refusal")).Select(static update => update.RefusalUpdate)));
    }

    [Fact]
    public async Task The_NET_SDK_reads_vectors()
    {
        await using var server = await KeptAnswerServer.StartAsync();
        var vectors = (await Client(server).GetEmbeddingClient("e").GenerateEmbeddingsAsync(["a", "b"])).Value;

        Assert.Equal([0, 1], vectors.Select(static vector => vector.Index));
        Assert.All(vectors, static vector => Assert.Equal([1f, 2f], vector.ToFloats().ToArray()));
        Assert.Equal(3, vectors.Usage.InputTokenCount);
    }

    [Fact]
    public async Task The_npm_SDK_reads_both()
    {
        await using var server = await KeptAnswerServer.StartAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(1));

        await NodeScript.RunAsync("kept.test.mjs", server.BaseAddress, "sk-any", soon.Token);
    }

    private static async Task<List<StreamingChatCompletionUpdate>> Read(KeptAnswerServer server, string model)
    {
        var updates = new List<StreamingChatCompletionUpdate>();
        await foreach (var update in Chat(server, model).CompleteChatStreamingAsync(Prompt))
        {
            updates.Add(update);
        }

        return updates;
    }

    private static ChatClient Chat(KeptAnswerServer server, string model) => Client(server).GetChatClient(model);

    private static OpenAIClient Client(KeptAnswerServer server) => new(
        new ApiKeyCredential("sk-any"),
        new OpenAIClientOptions { Endpoint = server.BaseAddress, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}

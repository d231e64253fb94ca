using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using LlmGateway.Simulator;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace LlmGateway.FunctionalTests.Simulator;

/// <summary>The official SDK, unmodified, takes the simulator for OpenAI.</summary>
public sealed class OpenAISdkTests
{
    [Fact]
    public async Task It_chats()
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        ChatCompletion answer = await Client(sim).GetChatClient("sim-small").CompleteChatAsync("Good morning");

        Assert.StartsWith("You said: \"Good morning\".", answer.Content[0].Text, StringComparison.Ordinal);
        Assert.Equal(ChatFinishReason.Stop, answer.FinishReason);
        Assert.Equal(64, answer.Usage.OutputTokenCount);
    }

    [Fact]
    public async Task It_streams_with_usage()
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        string text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (StreamingChatCompletionUpdate update in Client(sim).GetChatClient("sim-small").CompleteChatStreamingAsync("Good morning"))
        {
            text += string.Concat(update.ContentUpdate.Select(static part => part.Text));
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        Assert.StartsWith("You said: \"Good morning\".", text, StringComparison.Ordinal);
        Assert.Equal(64, usage?.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task It_calls_tools_and_answers_their_results()
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        ChatClient client = Client(sim).GetChatClient("sim-small");
        var options = new ChatCompletionOptions
        {
            Tools = { ChatTool.CreateFunctionTool("weather", "the weather", BinaryData.FromString(
                """{"type":"object","required":["city"],"properties":{"city":{"type":"string"}}}""")) },
        };
        List<ChatMessage> messages = [new UserChatMessage("How is the weather?")];
        ChatCompletion asked = await client.CompleteChatAsync(messages, options);
        ChatToolCall call = Assert.Single(asked.ToolCalls);
        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, "rain"));
        ChatCompletion answered = await client.CompleteChatAsync(messages, options);

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        Assert.Equal("weather", call.FunctionName);
        Assert.Equal("city", JsonDocument.Parse(call.FunctionArguments).RootElement.GetProperty("city").GetString());
        Assert.Equal(ChatFinishReason.Stop, answered.FinishReason);
    }

    [Fact]
    public async Task It_embeds()
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        EmbeddingClient client = Client(sim).GetEmbeddingClient("sim-embedding");
        OpenAIEmbeddingCollection vectors = await client.GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 128 });

        Assert.Equal(2, vectors.Count);
        Assert.All(vectors, static vector => Assert.Equal(128, vector.ToFloats().Length));
        Assert.Equal(2, vectors.Usage.InputTokenCount);
    }

    [Fact]
    public async Task It_lists_models()
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        var models = await Client(sim).GetOpenAIModelClient().GetModelsAsync();

        Assert.Contains(models.Value, static model => model.Id == "sim-large");
    }

    [Theory]
    [InlineData("sim-none", 404)]
    [InlineData("sim-small!status=400", 400)]
    [InlineData("sim-small!status=429", 429)]
    public async Task It_raises_its_own_exception(string model, int status)
    {
        await using SimulatorHost sim = await SimulatorHost.StartAsync();
        ClientResultException error = await Assert.ThrowsAsync<ClientResultException>(() => Client(sim).GetChatClient(model).CompleteChatAsync("Hello"));

        Assert.Equal(status, error.Status);
    }

    private static OpenAIClient Client(SimulatorHost sim) => new(
        new ApiKeyCredential("sk-any"),
        new OpenAIClientOptions { Endpoint = sim.BaseAddress, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}

using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>The official .NET SDK, unmodified, told nothing but the base URL and a virtual key.</summary>
public sealed class DotnetSdkTests : IAsyncLifetime
{
    private const string Prompt = "Say something about rivers.";

    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool("get_weather", "the weather", BinaryData.FromString(
        """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""));

    private readonly TestConfiguration _configuration = SdkConfiguration.Create();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await TestGateway.StartAsync(_configuration);

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _configuration.Dispose();
    }

    [Fact]
    public async Task It_chats()
    {
        ClientResult<ChatCompletion> result = await Chat().CompleteChatAsync(Prompt);

        Assert.NotEmpty(result.Value.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, result.Value.FinishReason);
        Assert.Equal(result.Value.Usage.TotalTokenCount, result.Value.Usage.InputTokenCount + result.Value.Usage.OutputTokenCount);
        Assert.True(result.GetRawResponse().Headers.TryGetValue("x-gateway-cost", out var cost));
        Assert.EndsWith(" USD", cost, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_streams_with_usage_and_says_what_the_whole_answer_says()
    {
        var (text, usage, finish) = await ReadAsync(Chat().CompleteChatStreamingAsync(Prompt));
        ChatCompletion whole = await Chat().CompleteChatAsync(Prompt);

        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal(whole.Usage.OutputTokenCount, usage?.OutputTokenCount);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    [Fact]
    public async Task A_stream_that_asks_for_no_usage_has_no_trace_of_it()
    {
        var body = BinaryContent.Create(BinaryData.FromString(TestGateway.ChatBody("\"stream\":true")));
        ClientResult result = await Chat().CompleteChatAsync(body, new RequestOptions { BufferResponse = false });
        using var reader = new StreamReader(result.GetRawResponse().ContentStream!);
        var text = await reader.ReadToEndAsync(_gateway.Soon);

        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_calls_tools_and_answers_their_results()
    {
        List<ChatMessage> messages = [new UserChatMessage("How is the weather?")];
        ChatCompletion asked = await Chat().CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { Weather } });
        var call = Assert.Single(asked.ToolCalls);
        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, "rain"));
        ChatCompletion answered = await Chat().CompleteChatAsync(messages, new ChatCompletionOptions { Tools = { Weather } });

        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        Assert.Equal("get_weather", call.FunctionName);
        Assert.Equal(JsonValueKind.String, City(call.FunctionArguments.ToString()));
        Assert.Equal(ChatFinishReason.Stop, answered.FinishReason);
    }

    [Fact]
    public async Task It_puts_a_tool_call_together_from_a_stream()
    {
        var (name, arguments, finish) = ("", "", (ChatFinishReason?)null);
        await foreach (var update in Chat().CompleteChatStreamingAsync([new UserChatMessage("How is the weather?")], new ChatCompletionOptions { Tools = { Weather } }))
        {
            foreach (var call in update.ToolCallUpdates)
            {
                name += call.FunctionName;
                arguments += call.FunctionArgumentsUpdate;
            }

            finish = update.FinishReason ?? finish;
        }

        Assert.Equal("get_weather", name);
        Assert.Equal(JsonValueKind.String, City(arguments));
        Assert.Equal(ChatFinishReason.ToolCalls, finish);
    }

    [Fact]
    public async Task It_gets_JSON_that_keeps_to_a_schema()
    {
        var schema = BinaryData.FromString(
            """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""");
        ChatCompletion answer = await Chat().CompleteChatAsync(
            [new UserChatMessage("Who?")],
            new ChatCompletionOptions { ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("person", schema, jsonSchemaIsStrict: true) });
        var person = JsonDocument.Parse(answer.Content[0].Text).RootElement;

        Assert.Equal(JsonValueKind.String, person.GetProperty("name").ValueKind);
        Assert.True(person.GetProperty("age").TryGetInt32(out _));
    }

    [Fact]
    public async Task It_sends_images()
    {
        var png = BinaryData.FromBytes(Convert.FromBase64String("iVBORw0KGgo="));
        ChatCompletion answer = await Chat().CompleteChatAsync(new UserChatMessage(
            ChatMessageContentPart.CreateTextPart("What is this?"), ChatMessageContentPart.CreateImagePart(png, "image/png")));

        Assert.NotEmpty(answer.Content[0].Text);
    }

    [Fact]
    public async Task It_gets_several_choices()
    {
        ClientResult result = await Chat().CompleteChatAsync(BinaryContent.Create(BinaryData.FromString(TestGateway.ChatBody("\"n\":2"))));
        var choices = JsonDocument.Parse(result.GetRawResponse().Content).RootElement.GetProperty("choices");

        Assert.Equal([0, 1], choices.EnumerateArray().Select(choice => choice.GetProperty("index").GetInt32()));
    }

    [Fact]
    public async Task It_embeds()
    {
        EmbeddingClient client = Client().GetEmbeddingClient("embed");
        OpenAIEmbeddingCollection vectors = await client.GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 16 });

        Assert.Equal(2, vectors.Count);
        Assert.All(vectors, vector => Assert.Equal(16, vector.ToFloats().Length));
        Assert.True(vectors.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task It_lists_and_finds_models()
    {
        var client = Client().GetOpenAIModelClient();
        var models = await client.GetModelsAsync();
        var one = await client.GetModelAsync("chat");
        var absent = await Assert.ThrowsAsync<ClientResultException>(() => client.GetModelAsync("absent"));

        Assert.Superset(new HashSet<string> { "chat", "embed" }, models.Value.Select(model => model.Id).ToHashSet());
        Assert.Equal("chat", one.Value.Id);
        Assert.Equal(404, absent.Status);
    }

    [Theory]
    [InlineData("absent", 404, "model_not_found")]
    [InlineData("upstream-auth", 502, "upstream_auth_error")]
    [InlineData("model-access", 404, "model_not_found")]
    [InlineData("context-length", 400, "context_length_exceeded")]
    [InlineData("content-filter", 400, "content_filter")]
    [InlineData("rate-limit", 429, "rate_limit_exceeded")]
    [InlineData("quota-exhausted", 429, "insufficient_quota")]
    [InlineData("overloaded", 503, "overloaded")]
    [InlineData("timeout", 504, "deadline_exceeded")]
    [InlineData("bad-gateway", 502, "upstream_error")]
    [InlineData("bad-request", 422, "")]
    [InlineData("locked", 503, "no_deployment_available")]
    [InlineData("strict", 403, "unpriced_deployment")]
    public async Task Every_error_class_raises_the_SDKs_exception_streamed_or_not(string model, int status, string code)
    {
        var plain = await Assert.ThrowsAsync<ClientResultException>(() => Chat(model).CompleteChatAsync(Prompt));
        var streamed = await Assert.ThrowsAsync<ClientResultException>(() => ReadAsync(Chat(model).CompleteChatStreamingAsync(Prompt)));

        Assert.All([plain, streamed], error =>
        {
            Assert.Equal(status, error.Status);
            Assert.Contains(code, error.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_wrong_key_raises_a_401()
    {
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client("sk-wrong-key-wrong-key-wrong-key").GetChatClient("chat").CompleteChatAsync(Prompt));

        Assert.Equal(401, error.Status);
        Assert.Contains("invalid_api_key", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("malformed")]
    [InlineData("error-frame")]
    public async Task A_stream_that_dies_raises_and_keeps_what_came_before(string model)
    {
        var text = "";
        var error = await Record.ExceptionAsync(async () =>
        {
            await foreach (var update in Chat(model).CompleteChatStreamingAsync(Prompt))
            {
                text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            }
        });

        Assert.NotNull(error);
        Assert.NotEmpty(text);
    }

    [Fact]
    public async Task A_stream_without_its_end_mark_ends_well()
    {
        var (text, _, finish) = await ReadAsync(Chat("no-done").CompleteChatStreamingAsync(Prompt));

        Assert.NotEmpty(text);
        Assert.Equal(ChatFinishReason.Stop, finish);
    }

    private static async Task<(string Text, ChatTokenUsage? Usage, ChatFinishReason? Finish)> ReadAsync(AsyncCollectionResult<StreamingChatCompletionUpdate> stream)
    {
        var (text, usage, finish) = ("", (ChatTokenUsage?)null, (ChatFinishReason?)null);
        await foreach (var update in stream)
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        return (text, usage, finish);
    }

    private static JsonValueKind City(string arguments) => JsonDocument.Parse(arguments).RootElement.GetProperty("city").ValueKind;

    private ChatClient Chat(string model = "chat") => Client().GetChatClient(model);

    private OpenAIClient Client(string key = TestConfiguration.Key) =>
        new(new ApiKeyCredential(key), new OpenAIClientOptions { Endpoint = _gateway.BaseUrl, RetryPolicy = new ClientRetryPolicy(maxRetries: 0) });
}

using System.Globalization;
using System.Text.Json;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Routing;

/// <summary>Conversations stay with the deployment that has them in its prompt cache, and the report shows what that saved.</summary>
public class PrefixAffinityTests
{
    private const string Affine = "affinity: prefix, ";
    private const int Conversations = 5;
    private const int Turns = 4;

    [Fact]
    public async Task The_turns_of_a_conversation_stay_with_one_deployment_and_the_report_shows_what_was_saved()
    {
        using var configuration = Configuration(Affine);
        await using var gateway = await StartAsync(configuration);
        var went = await ConverseAsync(gateway);

        // By load alone each turn would be drawn anew, and so are the first ones.
        Assert.All(went, conversation => Assert.Single(conversation.Distinct()));
        Assert.Equal(2, went.Select(conversation => conversation[0]).Distinct().Count());

        // The simulator counts a beginning of 1,024 tokens and more as cached where it has seen it, by model.
        var rows = gateway.Rows();
        Assert.Equal(Conversations * Turns, rows.Count);
        Assert.Equal(Conversations, rows.Count(row => (long)row["cached_input_tokens"]! == 0));
        var cached = rows.Sum(row => (long)row["cached_input_tokens"]!);
        Assert.True(cached >= Conversations * (Turns - 1) * 1024);

        // 1 USD a million, and 0.1 where cached.
        var saved = cached * 0.9m / 1_000_000;
        var usage = (await new AdminClient(gateway).GetAsync("usage?from=2020-01-01&group_by=tenant")).Json.GetProperty("rows")[0];
        Assert.Equal(cached, usage.GetProperty("cached_input_tokens").GetInt64());
        var saving = Assert.Single(usage.GetProperty("cache_saving").EnumerateArray());
        Assert.Equal((saved.ToString("F9", CultureInfo.InvariantCulture), "USD"), (saving.GetProperty("amount").GetString(), saving.GetProperty("currency").GetString()));
    }

    [Fact]
    public async Task Without_the_option_turns_go_wherever_there_is_room()
    {
        using var configuration = Configuration("");
        await using var gateway = await StartAsync(configuration);
        Assert.Contains(await ConverseAsync(gateway), conversation => conversation.Distinct().Count() == 2);
    }

    [Fact]
    public async Task Another_tenant_with_the_same_prompt_is_not_steered_by_it()
    {
        using var configuration = Configuration(Affine);
        await using var gateway = await StartAsync(configuration);
        var prompt = Body([Message("system", Lore(1)), Message("user", "What is it about?")]);
        await AskAsync(gateway, prompt, TestConfiguration.Key);

        var admin = new AdminClient(gateway);
        Assert.True(await PredictedAsync(admin, (await AskAsync(gateway, prompt, TestConfiguration.Key)).RequestId) >= 1024);
        Assert.Equal(0, await PredictedAsync(admin, (await AskAsync(gateway, prompt, TestConfiguration.OtherKey)).RequestId));
    }

    private static TestConfiguration Configuration(string affinity) => new TestConfiguration()
        .Edit("  chat: { deployments: [sim/small], ", $"  chat: {{ deployments: [sim/small, sim/twin], policy: least-busy, {affinity}")
        .Edit("  sim/embedding: {", "  sim/twin: { model: sim-large, price: sim/sim-small }\n  sim/embedding: {");

    // Chance is seeded, so that a run is like any other.
    private static Task<TestGateway> StartAsync(TestConfiguration configuration) =>
        TestGateway.StartAsync(configuration, configure: services => services.AddSingleton(new Random(3)));

    /// <summary>Who answered each turn of each conversation.</summary>
    private static async Task<List<string[]>> ConverseAsync(TestGateway gateway)
    {
        var went = new List<string[]>();
        for (var conversation = 0; conversation < Conversations; conversation++)
        {
            var messages = new List<string> { Message("system", Lore(conversation)) };
            var deployments = new string[Turns];
            for (var turn = 0; turn < Turns; turn++)
            {
                messages.Add(Message("user", $"Question {turn}: how does it go on?"));
                var (answer, deployment, _) = await AskAsync(gateway, Body(messages), TestConfiguration.Key);
                messages.Add(Message("assistant", answer));
                deployments[turn] = deployment;
            }

            went.Add(deployments);
        }

        return went;
    }

    private static async Task<(string Answer, string Deployment, string RequestId)> AskAsync(TestGateway gateway, string body, string key)
    {
        using var response = await gateway.PostAsync("v1/chat/completions", body, with: request => request.Headers.Authorization = new("Bearer", key));
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        Assert.True(response.IsSuccessStatusCode, text);
        var answer = JsonDocument.Parse(text).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
        return (answer, Assert.Single(response.Headers.GetValues("x-gateway-deployment")), Assert.Single(response.Headers.GetValues("x-request-id")));
    }

    /// <summary>The most that was predicted to be cached of that request, at any deployment.</summary>
    private static async Task<long> PredictedAsync(AdminClient admin, string requestId) =>
        (await admin.GetAsync($"exchanges/{requestId}")).Json.GetProperty("decision").GetProperty("deployments").EnumerateArray()
            .Max(deployment => deployment.GetProperty("cached_tokens").GetInt64());

    private static string Body(List<string> messages) => $$"""{"model":"chat","max_tokens":12,"messages":[{{string.Join(',', messages)}}]}""";

    private static string Message(string role, string content) => $$"""{"role":"{{role}}","content":{{JsonSerializer.Serialize(content)}}}""";

    /// <summary>About 1,500 tokens, which differ from the first on.</summary>
    private static string Lore(int number) => $"Story {number}. " + string.Concat(Enumerable.Repeat("The river flows past the old mill. ", 170));
}

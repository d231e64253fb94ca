using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Simulator;

public sealed class ErrorTests
{
    [Theory]
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"a"}]}""", 404, null, "model_not_found")]
    [InlineData("""{"model":"sim-small","messages":[{"role":"user","content":"a"}]""", 400, null, null)]
    [InlineData("""{"model":"sim-small","messages":[{"role":"user","content":"a"}]} x""", 400, null, null)]
    [InlineData("[]", 400, null, null)]
    [InlineData("", 400, null, null)]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", 400, null, null)]
    [InlineData("""{"model":"sim-small"}""", 400, "messages", "missing_required_parameter")]
    [InlineData("""{"model":"sim-small","messages":[]}""", 400, "messages", "empty_array")]
    [InlineData("""{"messages":"hello","model":"sim-small"}""", 400, "messages", "invalid_type")]
    [InlineData("""{"messages":[["hello",{"a":[]}],1],"model":"sim-small"}""", 400, "messages[0]", "invalid_type")]
    [InlineData("""{"messages":[{"content":"a"}],"model":"sim-small"}""", 400, "messages[0].role", "missing_required_parameter")]
    [InlineData("""{"messages":[{"role":"chef","content":"a"}],"model":"sim-small"}""", 400, "messages[0].role", "invalid_value")]
    [InlineData("""{"messages":[{"role":"user","content":{"a":1}}],"model":"sim-small"}""", 400, "messages[0].content", "invalid_type")]
    [InlineData("""{"model":5,"messages":[{"role":"user","content":"a"}]}""", 400, "model", "invalid_type")]
    [InlineData("""{"model":"sim-small","stream":"yes","messages":[{"role":"user","content":"a"}]}""", 400, "stream", "invalid_type")]
    [InlineData("""{"model":"sim-small","n":0,"messages":[{"role":"user","content":"a"}]}""", 400, "n", "integer_below_min_value")]
    [InlineData("""{"model":"sim-small","temperature":3,"messages":[{"role":"user","content":"a"}]}""", 400, "temperature", "decimal_above_max_value")]
    [InlineData("""{"model":"sim-small","max_tokens":1.5,"messages":[{"role":"user","content":"a"}]}""", 400, "max_tokens", "invalid_type")]
    [InlineData("""{"model":"sim-small","max_tokens":99999,"messages":[{"role":"user","content":"a"}]}""", 400, "max_tokens", "invalid_value")]
    [InlineData("""{"model":"sim-reasoning","max_tokens":9,"messages":[{"role":"user","content":"a"}]}""", 400, "max_tokens", "unsupported_parameter")]
    [InlineData("""{"model":"sim-small","stop":["a","b","c","d","e"],"messages":[{"role":"user","content":"a"}]}""", 400, "stop", "array_above_max_length")]
    [InlineData("""{"model":"sim-small","tools":{},"messages":[{"role":"user","content":"a"}]}""", 400, "tools", "invalid_type")]
    [InlineData("""{"model":"sim-small!stall","messages":[{"role":"user","content":"a"}]}""", 400, "model", "invalid_fault")]
    public async Task A_bad_request_is_refused_with_all_four_members(string body, int status, string? param, string? code)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage response = await sim.PostAsync("chat/completions", body);

        Assert.Equal(status, (int)response.StatusCode);
        await AssertErrorAsync(response, "invalid_request_error", param, code);
    }

    [Fact]
    public async Task A_prompt_and_answer_beyond_the_window_exceed_the_context()
    {
        var options = new SimulatorOptions { Models = [new SimulatorModel("tiny") { ContextWindow = 100, MaxOutputTokens = 90 }] };
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(options);
        using HttpResponseMessage fits = await sim.ChatAsync(""","max_tokens":90""", "tiny", "abc");
        using HttpResponseMessage exceeds = await sim.ChatAsync(""","max_tokens":90""", "tiny", "abcdefghijklm");

        Assert.Equal(HttpStatusCode.OK, fits.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, exceeds.StatusCode);
        await AssertErrorAsync(exceeds, "invalid_request_error", "messages", "context_length_exceeded");
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("sk-wrong", "invalid_api_key")]
    public async Task A_missing_or_wrong_key_is_refused_where_keys_are_set(string? key, string? code)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { ApiKeys = ["sk-right"] });
        sim.Client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using HttpResponseMessage response = await sim.ChatAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        await AssertErrorAsync(response, "invalid_request_error", null, code);
    }

    [Theory]
    [InlineData("Authorization", "Bearer sk-right")]
    [InlineData("api-key", "sk-right")]
    public async Task The_right_key_is_accepted_in_either_header(string header, string value)
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { ApiKeys = ["sk-right"] });
        sim.Client.DefaultRequestHeaders.Add(header, value);
        using HttpResponseMessage response = await sim.ChatAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Any_key_but_none_is_accepted_where_only_a_key_is_required()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { RequireKey = true });
        using HttpResponseMessage without = await sim.ChatAsync();
        sim.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "anything");
        using HttpResponseMessage with = await sim.ChatAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task Any_model_is_served_where_the_options_say_so()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync(new SimulatorOptions { AnyModel = true });
        JsonElement answer = await sim.ChatJsonAsync(model: "deep/\\\"seek");

        Assert.Equal("deep/\"seek", answer.GetProperty("model").GetString());
    }

    [Fact]
    public async Task An_unknown_path_and_a_wrong_method_are_refused()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage unknown = await sim.PostAsync("nothing", "{}");
        using HttpResponseMessage wrong = await sim.Client.GetAsync("chat/completions");

        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        await AssertErrorAsync(unknown, "invalid_request_error", null, null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, wrong.StatusCode);
        Assert.Equal("POST", wrong.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task Models_are_listed_and_found()
    {
        await using SimulatorFixture sim = await SimulatorFixture.StartAsync();
        using HttpResponseMessage list = await sim.Client.GetAsync("models");
        using HttpResponseMessage one = await sim.Client.GetAsync("models/sim-large");
        using HttpResponseMessage none = await sim.Client.GetAsync("models/sim-none");

        JsonElement models = (await SimulatorFixture.JsonAsync(list)).GetProperty("data");
        Assert.Equal(SimulatorModel.Defaults.Select(static model => model.Id), models.EnumerateArray().Select(static model => model.GetProperty("id").GetString()));
        Assert.Equal("model", (await SimulatorFixture.JsonAsync(one)).GetProperty("object").GetString());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        await AssertErrorAsync(none, "invalid_request_error", null, "model_not_found");
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, string type, string? param, string? code)
    {
        JsonElement error = (await SimulatorFixture.JsonAsync(response)).GetProperty("error");
        Assert.Equal(["message", "type", "param", "code"], error.EnumerateObject().Select(static member => member.Name));
        Assert.Equal(type, error.GetProperty("type").GetString());
        Assert.Equal(param, error.GetProperty("param").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>All that a client got: a test of a fault says what that must have been, and not only that it was an answer.</summary>
internal sealed record Received(HttpStatusCode Status, string? Deployment, string? Attempts, TimeSpan? RetryAfter, string Body)
{
    /// <summary>The frames of a stream, without <c>data: </c>.</summary>
    public IReadOnlyList<string> Frames => [.. Body.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(frame => frame.StartsWith("data: ", StringComparison.Ordinal) ? frame[6..] : frame)];

    /// <summary>What the model said in a stream, up to where it ended or broke off.</summary>
    public string Text => string.Concat(Choices.Select(choice => choice.GetProperty("delta").TryGetProperty("content", out var content) ? content.GetString() : ""));

    public JsonElement Usage => Chunks.Single(chunk => chunk.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object).GetProperty("usage");

    private IEnumerable<JsonElement> Chunks => Frames.Where(frame => frame != "[DONE]")
        .Select(frame => JsonDocument.Parse(frame).RootElement).Where(chunk => !chunk.TryGetProperty("error", out _));

    private IEnumerable<JsonElement> Choices => Chunks.SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray());

    public static Received From(HttpResponseMessage answer, string body) => new(
        answer.StatusCode, Header(answer, "x-gateway-deployment"), Header(answer, "x-gateway-attempts"), answer.Headers.RetryAfter?.Delta, body);

    /// <summary>The whole answer of <see cref="Providers.Whole"/>, from that deployment after that many attempts.</summary>
    public void ExpectAnswer(string deployment, int attempts)
    {
        ExpectHead(HttpStatusCode.OK, deployment, attempts);
        var choice = JsonDocument.Parse(Body).RootElement.GetProperty("choices")[0];
        Assert.Equal("Rivers run.", choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
    }

    /// <summary>An error in the shape that SDKs raise.</summary>
    public void ExpectError(HttpStatusCode status, string code, string? deployment, int? attempts)
    {
        ExpectHead(status, deployment, attempts);
        var error = JsonDocument.Parse(Body).RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
    }

    /// <summary>One id, one role, one finish, the whole text, and the end mark behind it.</summary>
    /// <param name="deployment">The one that began.</param>
    /// <param name="attempts">Made until it began; the head cannot tell of later ones.</param>
    public void ExpectWholeStream(string deployment, int attempts, string id = "c-1", int words = 60)
    {
        ExpectHead(HttpStatusCode.OK, deployment, attempts);
        Assert.Equal("[DONE]", Frames[^1]);
        Assert.All(Chunks, chunk => Assert.Equal(id, chunk.GetProperty("id").GetString()));
        Assert.Equal(string.Concat(Providers.Words[..words]), Text);
        Assert.Single(Choices, choice => choice.GetProperty("delta").TryGetProperty("role", out _));
        Assert.Single(Choices, IsFinish);
    }

    /// <summary>The words that came, and then an error in the place of an end.</summary>
    public void ExpectBrokenStream(string deployment, int attempts, int words)
    {
        ExpectHead(HttpStatusCode.OK, deployment, attempts);
        Assert.DoesNotContain("[DONE]", Frames);
        var error = JsonDocument.Parse(Frames[^1]).RootElement.GetProperty("error");
        Assert.Equal(JsonValueKind.String, error.GetProperty("message").ValueKind);
        Assert.Equal(string.Concat(Providers.Words[..words]), Text);
        Assert.DoesNotContain(Choices, IsFinish);
    }

    private void ExpectHead(HttpStatusCode status, string? deployment, int? attempts)
    {
        Assert.True(status == Status, $"{Status}: {Body}");
        Assert.Equal(deployment, Deployment);
        Assert.Equal(attempts?.ToString(CultureInfo.InvariantCulture), Attempts);
    }

    private static bool IsFinish(JsonElement choice) => choice.GetProperty("finish_reason").ValueKind is JsonValueKind.String;

    private static string? Header(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

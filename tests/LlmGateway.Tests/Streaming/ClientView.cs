using System.Text.Json;

namespace LlmGateway.Tests.Streaming;

/// <summary>An answer as a client's SDK puts it together.</summary>
internal sealed class ClientView
{
    public ClientView(string stream)
    {
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        foreach (var line in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith(':')))
        {
            Assert.False(IsDone || Error is not null, $"behind the end: {line}");
            Assert.StartsWith("data: ", line, StringComparison.Ordinal);
            if (line == "data: [DONE]")
            {
                IsDone = true;
                continue;
            }

            var root = JsonDocument.Parse(line["data: ".Length..]).RootElement;
            if (root.TryGetProperty("error", out var error))
            {
                Error = error.GetProperty("code").GetString();
                Assert.Equal(JsonValueKind.Null, root.GetProperty("choices").ValueKind);
                continue;
            }

            Take(root);
        }
    }

    public bool IsDone { get; private set; }

    public string? Error { get; private set; }

    public string Content { get; private set; } = "";

    public string Reasoning { get; private set; } = "";

    public int Roles { get; private set; }

    public HashSet<string> Heads { get; } = [];

    public List<string> FinishReasons { get; } = [];

    public Dictionary<int, (string Id, string Name, string Arguments)> Tools { get; } = [];

    public List<JsonElement> Usages { get; } = [];

    private void Take(JsonElement chunk)
    {
        var choices = chunk.GetProperty("choices");
        if (chunk.TryGetProperty("usage", out var usage) && usage.ValueKind is JsonValueKind.Object)
        {
            Usages.Add(usage);
        }

        foreach (var choice in choices.EnumerateArray())
        {
            Heads.Add($"{chunk.GetProperty("id")} {chunk.GetProperty("model")} {chunk.GetProperty("created")} {(chunk.TryGetProperty("system_fingerprint", out var print) ? print : default)}");
            if (choice.TryGetProperty("text", out var text))
            {
                Content += text.GetString();
            }

            if (choice.GetProperty("finish_reason").GetString() is { } reason)
            {
                FinishReasons.Add(reason);
            }

            if (choice.TryGetProperty("delta", out var delta))
            {
                TakeDelta(delta);
            }
        }
    }

    private void TakeDelta(JsonElement delta)
    {
        Content += Text(delta, "content");
        Reasoning += Text(delta, "reasoning_content");
        Roles += delta.TryGetProperty("role", out _) ? 1 : 0;
        if (!delta.TryGetProperty("tool_calls", out var calls))
        {
            return;
        }

        foreach (var call in calls.EnumerateArray())
        {
            var index = call.GetProperty("index").GetInt32();
            var (id, name, arguments) = Tools.GetValueOrDefault(index, ("", "", ""));
            var function = call.GetProperty("function");
            Tools[index] = (id + Text(call, "id"), name + Text(function, "name"), arguments + Text(function, "arguments"));
        }
    }

    private static string? Text(JsonElement parent, string member) => parent.TryGetProperty(member, out var value) ? value.GetString() : null;
}

using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

/// <summary>Reads a stream as strictly as Anthropic's SDKs do, and stricter: what they would throw at, or overlook, fails the test.</summary>
internal sealed class MessagesEvents
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thinking = new();
    private readonly List<StringBuilder> _inputs = [];
    private readonly List<string> _heads = [];
    private readonly List<string> _names = [];
    private bool _started;
    private bool _signed;
    private string? _open;
    private int _blocks;

    public IReadOnlyList<string> Names => _names;

    public string Text => _text.ToString();

    public string Thinking => _thinking.ToString();

    /// <summary>Each as id, name and arguments.</summary>
    public IReadOnlyList<string> Tools => [.. _heads.Select((head, i) => head + " " + _inputs[i])];

    public string? StopReason { get; private set; }

    public string? Usage { get; private set; }

    public string? Error { get; private set; }

    public bool IsStopped { get; private set; }

    public bool HasEnded => IsStopped || Error is not null;

    public static MessagesEvents Read(string stream)
    {
        var events = new MessagesEvents();
        Assert.True(stream.Length == 0 || stream.EndsWith("\n\n", StringComparison.Ordinal), "the last event is cut");
        foreach (var frame in stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = frame.Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("event: ", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            using var data = JsonDocument.Parse(lines[1]["data: ".Length..]);
            Assert.Equal(lines[0]["event: ".Length..], data.RootElement.GetProperty("type").GetString());
            events.Take(data.RootElement);
        }

        return events;
    }

    private void Take(JsonElement data)
    {
        Assert.False(HasEnded, "an event behind the end");
        var type = data.GetProperty("type").GetString()!;
        if (type is "error")
        {
            Error = data.GetProperty("error").GetProperty("type").GetString();
            _names.Add(type);
            return;
        }

        Assert.Equal(type is "message_start", !_started);
        switch (type)
        {
            case "message_start":
                TakeStart(data.GetProperty("message"));
                break;
            case "content_block_start":
                TakeBlock(data);
                break;
            case "content_block_delta":
                Assert.Equal(_blocks - 1, data.GetProperty("index").GetInt32());
                TakeDelta(data.GetProperty("delta"));
                break;
            case "content_block_stop":
                Assert.NotNull(_open);
                Assert.Equal(_blocks - 1, data.GetProperty("index").GetInt32());
                Assert.Equal(_open is "thinking", _signed);
                _open = null;
                _names.Add("stop");
                break;
            case "message_delta":
                Assert.Null(_open);
                StopReason = data.GetProperty("delta").GetProperty("stop_reason").GetString();
                Assert.NotNull(StopReason);
                Usage = data.GetProperty("usage").GetRawText();
                Assert.Equal(JsonValueKind.Number, data.GetProperty("usage").GetProperty("output_tokens").ValueKind);
                _names.Add($"message_delta {StopReason}");
                break;
            case "message_stop":
                Assert.NotNull(StopReason);
                IsStopped = true;
                _names.Add(type);
                break;
            default:
                Assert.Fail($"no such event: {type}");
                break;
        }
    }

    private void TakeStart(JsonElement message)
    {
        _started = true;
        _names.Add("message_start");
        Assert.Matches("^msg_[a-zA-Z0-9_-]+$", message.GetProperty("id").GetString());
        Assert.Equal("message", message.GetProperty("type").GetString());
        Assert.Equal("assistant", message.GetProperty("role").GetString());
        Assert.Equal(0, message.GetProperty("content").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, message.GetProperty("stop_reason").ValueKind);
        Assert.Equal(JsonValueKind.Number, message.GetProperty("usage").GetProperty("input_tokens").ValueKind);
    }

    private void TakeBlock(JsonElement data)
    {
        Assert.Null(_open);
        Assert.Null(StopReason);
        Assert.Equal(_blocks++, data.GetProperty("index").GetInt32());
        var block = data.GetProperty("content_block");
        _open = block.GetProperty("type").GetString();
        _signed = false;
        _names.Add($"start {_open}");
        if (_open is "tool_use")
        {
            var id = block.GetProperty("id").GetString()!;
            Assert.Matches("^[a-zA-Z0-9_-]+$", id);
            Assert.Equal("{}", block.GetProperty("input").GetRawText());
            _heads.Add($"{id} {block.GetProperty("name").GetString()}");
            _inputs.Add(new StringBuilder());
        }
        else
        {
            Assert.Equal("", block.GetProperty(_open!).GetString());
        }
    }

    private void TakeDelta(JsonElement delta)
    {
        var type = delta.GetProperty("type").GetString();
        Assert.False(_signed, "the signature is the last delta");
        switch (type)
        {
            case "text_delta":
                Assert.Equal("text", _open);
                _text.Append(delta.GetProperty("text").GetString());
                break;
            case "thinking_delta":
                Assert.Equal("thinking", _open);
                _thinking.Append(delta.GetProperty("thinking").GetString());
                break;
            case "signature_delta":
                Assert.Equal("thinking", _open);
                _signed = true;
                break;
            default:
                Assert.Equal(("input_json_delta", "tool_use"), (type, _open));
                _inputs[^1].Append(delta.GetProperty("partial_json").GetString());
                break;
        }

        _names.Add(type!);
    }
}

using System.Text;
using System.Text.Json.Nodes;

namespace LlmGateway.Protocols.Tests.Translation;

/// <summary>Knows which events of a stream may follow which, as the accumulators of SDKs expect them, and fails at the first that may not.</summary>
internal sealed class ResponsesEventChecker
{
    private static readonly string[] FailureCodes = ["server_error", "rate_limit_exceeded", "invalid_prompt"];

    private readonly List<JsonObject> _items = [];
    private readonly HashSet<string> _ids = [];
    private readonly StringBuilder _text = new();
    private readonly JsonArray _logprobs = [];
    private readonly JsonArray _parts = [];
    private JsonObject? _open;
    private string? _part;
    private string? _closing;
    private string? _response;
    private int _seen;
    private bool _hasEnded;

    /// <summary>Checks events from the first on; returns whether the last of them ended the stream.</summary>
    public static bool Check(IEnumerable<JsonObject> events)
    {
        var checker = new ResponsesEventChecker();
        foreach (var told in events)
            checker.Take(told);
        return checker._hasEnded;
    }

    private void Take(JsonObject told)
    {
        var type = Text(told, "type");
        Assert.False(_hasEnded, $"{type} came behind the end");
        Assert.Equal(_seen, Number(told, "sequence_number"));
        switch (_seen++)
        {
            case 0 when type == "error":
                Assert.Equal(["type", "sequence_number", "code", "message", "param"], told.Select(member => member.Key));
                _hasEnded = true;
                return;
            case 0:
                Assert.Equal("response.created", type);
                _response = Text(told["response"]!, "id");
                break;
            case 1:
                Assert.Equal("response.in_progress", type);
                break;
            default:
                Step(type["response.".Length..], told);
                return;
        }

        Assert.Equal("in_progress", Text(told["response"]!, "status"));
        ResponsesDriver.Same("[]", told["response"]!["output"]);
    }

    private void Step(string type, JsonObject told)
    {
        switch (type)
        {
            case "output_item.added":
                AddItem(told);
                break;
            case "output_item.done":
                EndItem(told);
                break;
            case "content_part.added" or "reasoning_summary_part.added":
                AddPart(told);
                break;
            case "content_part.done" or "reasoning_summary_part.done":
                EndPart(told);
                break;
            case "completed" or "incomplete" or "failed":
                End(type, told["response"]!);
                break;
            default:
                TakeText(type, told);
                break;
        }
    }

    private void AddItem(JsonObject told)
    {
        Assert.Null(_open);
        Assert.Equal(_items.Count, Number(told, "output_index"));
        _open = (JsonObject)told["item"]!;
        Assert.Equal("in_progress", Text(_open, "status"));
        Assert.True(_ids.Add(Text(_open, "id")));
        Assert.Equal("", (string?)(_open["arguments"] ?? _open["input"]) ?? "");
        ResponsesDriver.Same("[]", _open["content"] ?? new JsonArray());
        _parts.Clear();
        _text.Clear();
        _logprobs.Clear();
        _part = Text(_open, "type") is "function_call" or "custom_tool_call" ? Text(_open, "type") : null;
    }

    private void AddPart(JsonObject told)
    {
        OnOpenItem(told);
        Assert.Null(_part);
        Assert.Equal(_parts.Count, PartIndex(told));
        _part = Text(told["part"]!, "type");
        Assert.Equal("", TextOf(told["part"]!));
        _text.Clear();
        _logprobs.Clear();
    }

    private void TakeText(string type, JsonObject told)
    {
        OnOpenItem(told);
        var dot = type.LastIndexOf('.');
        Assert.Equal(_part, type[..dot] switch
        {
            "function_call_arguments" => "function_call",
            "custom_tool_call_input" => "custom_tool_call",
            "reasoning_summary_text" => "summary_text",
            var name => name,
        });
        Assert.Null(_closing);
        if (told["content_index"] is not null || told["summary_index"] is not null)
            Assert.Equal(_parts.Count, PartIndex(told));
        if (type[dot..] == ".delta")
        {
            Assert.NotEqual("", Text(told, "delta"));
            _text.Append(Text(told, "delta"));
            foreach (var logprob in told["logprobs"]?.AsArray() ?? [])
                _logprobs.Add(logprob!.DeepClone());
            return;
        }

        Assert.Equal(".done", type[dot..]);
        _closing = Text(told, type[..dot] switch
        {
            "function_call_arguments" => "arguments",
            "custom_tool_call_input" => "input",
            "refusal" => "refusal",
            _ => "text",
        });
        Assert.Equal(_text.ToString(), _closing);
        if (_part == "function_call")
            Assert.Equal(Text(_open!, "name"), Text(told, "name"));
        if (_part == "output_text")
            Assert.True(JsonNode.DeepEquals(_logprobs, told["logprobs"]));
    }

    private void EndPart(JsonObject told)
    {
        OnOpenItem(told);
        Assert.Equal(_parts.Count, PartIndex(told));
        Assert.Equal(_part, Text(told["part"]!, "type"));
        Assert.NotNull(_closing);
        Assert.Equal(_closing, TextOf(told["part"]!));
        if (_part == "output_text")
        {
            ResponsesDriver.Same("[]", told["part"]!["annotations"]);
            Assert.True(JsonNode.DeepEquals(_logprobs, told["part"]!["logprobs"]));
        }

        _parts.Add(told["part"]!.DeepClone());
        _part = _closing = null;
    }

    private void EndItem(JsonObject told)
    {
        Assert.NotNull(_open);
        Assert.Equal(_items.Count, Number(told, "output_index"));
        var item = (JsonObject)told["item"]!;
        Assert.Equal(Text(_open, "id"), Text(item, "id"));
        Assert.Equal(Text(_open, "type"), Text(item, "type"));
        Assert.Contains(Text(item, "status"), (string[])["completed", "incomplete"]);
        if (_part is "function_call" or "custom_tool_call")
        {
            Assert.NotNull(_closing);
            Assert.Equal(_closing, Text(item, _part == "function_call" ? "arguments" : "input"));
            Assert.Equal((Text(_open, "call_id"), Text(_open, "name")), (Text(item, "call_id"), Text(item, "name")));
        }
        else
        {
            Assert.Null(_part);
            Assert.NotEmpty(_parts);
            var whole = item["summary"] is JsonArray { Count: > 0 } summary ? summary : item["content"];
            Assert.True(JsonNode.DeepEquals(_parts, whole));
        }

        _items.Add(item);
        _open = null;
        _part = _closing = null;
    }

    private void End(string status, JsonNode response)
    {
        _hasEnded = true;
        Assert.Equal(status, Text(response, "status"));
        Assert.Equal(_response, Text(response, "id"));
        Assert.Equal(status == "incomplete", response["incomplete_details"] is not null);
        Assert.Equal(status == "failed", response["error"] is not null);
        if (status == "failed")
            Assert.Contains(Text(response["error"]!, "code"), FailureCodes);
        else
            Assert.Null(_open);
        Assert.True(JsonNode.DeepEquals(new JsonArray([.. _items.Select(item => item.DeepClone())]), response["output"]));
        Assert.All(_items.SkipLast(1), item => Assert.Equal("completed", Text(item, "status")));
        if (status != "failed")
            Assert.Equal(status, Text(_items[^1], "status"));
    }

    private void OnOpenItem(JsonObject told)
    {
        Assert.NotNull(_open);
        Assert.Equal(Text(_open, "id"), Text(told, "item_id"));
        Assert.Equal(_items.Count, Number(told, "output_index"));
    }

    private static int PartIndex(JsonObject told) => Number(told, told.ContainsKey("summary_index") ? "summary_index" : "content_index");

    private static string TextOf(JsonNode part) => ((string?)(part["text"] ?? part["refusal"]))!;

    private static string Text(JsonNode owner, string name) => owner[name]!.GetValue<string>();

    private static int Number(JsonNode owner, string name) => owner[name]!.GetValue<int>();
}

using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What the request said of itself, which every response repeats since the types of SDKs ask for it.</summary>
internal sealed class ResponsesEcho
{
    /// <summary>In the order in which they are written; null for what is written only where the request said it.</summary>
    private static readonly (string Name, string? Otherwise)[] Repeated =
    [
        ("background", "false"),
        ("instructions", "null"),
        ("max_output_tokens", "null"),
        ("metadata", "{}"),
        ("parallel_tool_calls", "true"),
        ("prompt_cache_key", null),
        ("reasoning", """{"effort":null,"summary":null}"""),
        ("safety_identifier", null),
        ("temperature", "null"),
        ("text", """{"format":{"type":"text"}}"""),
        ("tool_choice", "\"auto\""),
        ("tools", "[]"),
        ("top_logprobs", null),
        ("top_p", "null"),
        ("user", null),
    ];

    private readonly List<(string Name, byte[] Value)> _members = [];

    private ResponsesEcho(JsonElement root)
    {
        foreach (var (name, otherwise) in Repeated)
        {
            if (Given(root, name) is { } given)
                _members.Add((name, name == "text" ? Text(given) : Raw(given)));
            else if (otherwise is not null)
                _members.Add((name, System.Text.Encoding.ASCII.GetBytes(otherwise)));
        }

        Model = Given(root, "model") is { ValueKind: JsonValueKind.String } model ? Raw(model) : "\"\""u8.ToArray();
        WantsSummary = Given(root, "reasoning") is { ValueKind: JsonValueKind.Object } reasoning
            && (Given(reasoning, "summary") ?? Given(reasoning, "generate_summary")) is not null;
    }

    /// <summary>Of a request that could not be read.</summary>
    public static ResponsesEcho None { get; } = new(default);

    /// <summary>The model that was asked for, as a JSON string.</summary>
    public ReadOnlyMemory<byte> Model { get; }

    /// <summary>
    /// The caller asked for a summary of the thoughts, so it shows summaries: the thoughts are told as one then. Others get them as what they
    /// are, the text of the thoughts.
    /// </summary>
    public bool WantsSummary { get; }

    public static ResponsesEcho Of(JsonElement root) => root.ValueKind is JsonValueKind.Object ? new ResponsesEcho(root) : None;

    public void Write(Utf8JsonWriter json)
    {
        foreach (var (name, value) in _members)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(value, skipInputValidation: true);
        }
    }

    private static JsonElement? Given(JsonElement owner, string name) =>
        owner.ValueKind is JsonValueKind.Object && RequestPass.TryMember(owner, name, out var value) ? value : null;

    /// <summary>A format is always told.</summary>
    private static byte[] Text(JsonElement text)
    {
        var raw = Raw(text);
        if (text.ValueKind is not JsonValueKind.Object || Given(text, "format") is not null)
            return raw;
        var verbosity = Given(text, "verbosity");
        return verbosity is { } given
            ? [.. """{"format":{"type":"text"},"verbosity":"""u8, .. Raw(given), (byte)'}']
            : """{"format":{"type":"text"}}"""u8.ToArray();
    }

    private static byte[] Raw(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();
}

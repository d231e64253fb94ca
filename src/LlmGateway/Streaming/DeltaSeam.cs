using System.Runtime.InteropServices;
using System.Text.Json;

namespace LlmGateway.Streaming;

/// <summary>
/// Rewrites deltas. Content and the arguments of tools must equal what was delivered as far as that goes. Thinking need not, no two trains of
/// thought are the same: while the answer itself is being caught up with, it is left out; where only thinking was delivered, what equals is
/// left out, and from where it departs all of it, until the answer begins.
/// </summary>
internal sealed class DeltaSeam
{
    private readonly Delivered _delivered;
    private readonly TextSeam _content;
    private readonly TextSeam _reasoning;
    private readonly ToolSeam _tools;
    private bool _thinksApart;
    private bool _hasGoneOn;

    public DeltaSeam(Delivered delivered, bool repeats)
    {
        _delivered = delivered;
        _content = new TextSeam(delivered.Content, repeats);
        _reasoning = new TextSeam(delivered.Reasoning, repeats);
        _tools = new ToolSeam(delivered);
        _thinksApart = delivered.HasAnswer;
    }

    /// <summary>The new answer is not the delivered one.</summary>
    public bool Departed { get; private set; }

    /// <summary>The event at hand has something that the client needs.</summary>
    public bool Wrote { get; private set; }

    /// <summary>Some text of the event at hand was left out.</summary>
    public bool Cut { get; private set; }

    private bool IsBehind => _content.IsBehind || _tools.IsBehind;

    /// <summary>A member as the provider wrote it.</summary>
    public static void Pass(Utf8JsonWriter writer, JsonProperty member)
    {
        writer.WritePropertyName(JsonMarshal.GetRawUtf8PropertyName(member));
        writer.WriteRawValue(ChunkJson.Raw(member.Value), skipInputValidation: true);
    }

    /// <summary>Another event begins.</summary>
    public void Begin() => Wrote = Cut = false;

    /// <summary>The new answer has ended: an answer that is shorter than the delivered one is another.</summary>
    public void Finish()
    {
        Departed |= IsBehind;
        GoOn();
    }

    /// <summary><c>text</c> of legacy completions, which clients want in every event.</summary>
    public void WriteLegacyText(Utf8JsonWriter writer, JsonElement value)
    {
        Take(_content, value, out var fresh);
        writer.WriteString("text"u8, fresh);
        if (!fresh.IsEmpty)
        {
            GoOn();
        }
    }

    public void Write(Utf8JsonWriter writer, JsonElement delta)
    {
        JsonElement thought = default;
        writer.WriteStartObject("delta"u8);
        foreach (var member in delta.EnumerateObject())
        {
            if (member.NameEquals("role"u8))
            {
                WriteRole(writer, member);
            }
            else if (member.NameEquals("content"u8) && ChunkJson.IsString(member.Value))
            {
                WriteContent(writer, member);
            }
            else if ((member.NameEquals("reasoning_content"u8) || member.NameEquals("reasoning"u8)) && ChunkJson.IsString(member.Value))
            {
                WriteReasoning(writer, member, ref thought);
            }
            else if (member.NameEquals("tool_calls"u8))
            {
                WriteToolCalls(writer, member);
            }
            else
            {
                WriteOther(writer, member);
            }
        }

        writer.WriteEndObject();
    }

    private void WriteRole(Utf8JsonWriter writer, JsonProperty member)
    {
        if (!_delivered.HasRole)
        {
            _delivered.HasRole = Wrote = true;
            Pass(writer, member);
        }
    }

    private void WriteContent(Utf8JsonWriter writer, JsonProperty member)
    {
        Take(_content, member.Value, out var fresh);
        if (!fresh.IsEmpty)
        {
            writer.WriteString("content"u8, fresh);
            GoOn();
        }
    }

    private void WriteReasoning(Utf8JsonWriter writer, JsonProperty member, ref JsonElement thought)
    {
        if (thought.ValueKind is JsonValueKind.String && ChunkJson.Raw(thought).SequenceEqual(ChunkJson.Raw(member.Value)))
        {
            // The same under another name, as vLLM sent it for a while; the client has read the first.
            return;
        }

        thought = member.Value;
        var text = ChunkJson.Text(member.Value);
        if (!_hasGoneOn && (_thinksApart || !_reasoning.TryTake(text, out text)))
        {
            _thinksApart = true;
            return;
        }

        if (!text.IsEmpty)
        {
            writer.WritePropertyName(JsonMarshal.GetRawUtf8PropertyName(member));
            writer.WriteStringValue(text);
            Wrote = true;
        }
    }

    private void WriteToolCalls(Utf8JsonWriter writer, JsonProperty member)
    {
        if (!ChunkJson.HoldsAnything(member.Value))
        {
            return;
        }

        // Text that was delivered would have come before.
        if (_content.IsBehind || !_tools.TryWrite(writer, member.Value, out var wrote))
        {
            Departed = true;
        }
        else if (wrote)
        {
            GoOn();
        }
    }

    /// <summary>A refusal, content in parts, a legacy function call, audio: never the beginning of what was delivered, since that was none of them.</summary>
    private void WriteOther(Utf8JsonWriter writer, JsonProperty member)
    {
        if (!ChunkJson.HoldsAnything(member.Value))
        {
            return;
        }

        if (member.NameEquals("reasoning_details"u8))
        {
            if (_hasGoneOn || (!_thinksApart && _delivered.Reasoning.WrittenCount == 0))
            {
                Pass(writer, member);
            }

            return;
        }

        var isSubstance = member.NameEquals("content"u8) || member.NameEquals("refusal"u8) || member.NameEquals("function_call"u8);
        if (IsBehind)
        {
            Departed |= isSubstance;
            return;
        }

        Pass(writer, member);
        if (isSubstance || member.Value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
        {
            _delivered.Strange();
            GoOn();
        }
    }

    private void Take(TextSeam seam, JsonElement value, out ReadOnlySpan<byte> fresh)
    {
        var text = ChunkJson.Text(value);
        Departed |= !seam.TryTake(text, out fresh) || (!fresh.IsEmpty && _tools.IsBehind);
        Cut |= fresh.Length < text.Length;
    }

    private void GoOn() => Wrote = _hasGoneOn = true;
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Streaming;

/// <summary>What came of an event of a deployment that goes on with an answer.</summary>
internal enum SeamResult
{
    /// <summary>The client has all of it already, or needs nothing of it.</summary>
    Nothing,

    /// <summary>There is an event for the client.</summary>
    Written,

    /// <summary>It is not the answer that was delivered.</summary>
    Departed,
}

/// <summary>
/// Rewrites the events of a deployment that goes on with an answer so that they continue what the client has: under the first stream's id and
/// model, without the role, and without what was delivered already.
/// </summary>
/// <param name="delivered">What the client has; it grows.</param>
/// <param name="repeats">The new answer begins where the first one began.</param>
internal sealed class Seam(Delivered delivered, bool repeats)
{
    // An event stands in one line, and nothing of it is ever HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly DeltaSeam _delta = new(delivered, repeats);
    private ReadOnlyMemory<byte> _usage;

    /// <summary>The client has a finish reason.</summary>
    public bool Finished { get; private set; }

    /// <summary>The last usage that was reported, as the provider wrote it. It is kept back: there is one for the whole answer, at its end.</summary>
    public ReadOnlySpan<byte> Usage => _usage.Span;

    /// <param name="json">The payload of an event, which the scanner found to be JSON.</param>
    /// <param name="frame">Receives the event for the client.</param>
    public SeamResult Write(ReadOnlySpan<byte> json, ArrayBufferWriter<byte> frame)
    {
        var chunk = ChunkJson.Parse(json);
        frame.ResetWrittenCount();
        frame.Write("data: "u8);
        _delta.Begin();
        using (var writer = new Utf8JsonWriter(frame, Options))
        {
            writer.WriteStartObject();
            WriteHead(writer, delivered.Head);
            foreach (var member in chunk.EnumerateObject())
            {
                WriteMember(writer, member);
            }

            writer.WriteEndObject();
        }

        frame.Write("\n\n"u8);
        return _delta.Departed ? SeamResult.Departed : _delta.Wrote ? SeamResult.Written : SeamResult.Nothing;
    }

    /// <summary>The one chunk of usage at the end of the answer, where it is a part of what was reported.</summary>
    /// <param name="prefixTokens">So many tokens of the prompt were the beginning of the answer.</param>
    /// <param name="fresh">No more than so many can have been: those of the prompt that came from no cache.</param>
    /// <param name="cost">Of all attempts together; null where the client is not told.</param>
    /// <param name="frame">Receives the event.</param>
    public void WriteUsage(long prefixTokens, long fresh, Money? cost, ArrayBufferWriter<byte> frame)
    {
        frame.ResetWrittenCount();
        frame.Write("data: "u8);
        using (var writer = new Utf8JsonWriter(frame, Options))
        {
            writer.WriteStartObject();
            WriteHead(writer, delivered.Head);
            writer.WriteStartArray("choices"u8);
            writer.WriteEndArray();
            writer.WritePropertyName("usage"u8);
            ResumedUsage.Write(writer, ChunkJson.Parse(Usage), Math.Min(prefixTokens, fresh), cost);
            writer.WriteEndObject();
        }

        frame.Write("\n\n"u8);
    }

    private static void WriteHead(Utf8JsonWriter writer, JsonElement head)
    {
        foreach (var member in head.EnumerateObject())
        {
            if (IsOfHead(member))
            {
                DeltaSeam.Pass(writer, member);
            }
        }
    }

    private static bool IsOfHead(JsonProperty member) =>
        member.NameEquals("id"u8) || member.NameEquals("object"u8) || member.NameEquals("created"u8) || member.NameEquals("model"u8)
        || member.NameEquals("system_fingerprint"u8) || member.NameEquals("service_tier"u8);

    private void WriteMember(Utf8JsonWriter writer, JsonProperty member)
    {
        if (member.NameEquals("choices"u8))
        {
            WriteChoices(writer, member.Value);
        }
        else if (member.NameEquals("usage"u8))
        {
            TakeUsage(member.Value);
        }
        else if (member.NameEquals("x_groq"u8))
        {
            // An id that is not the answer's, and the usage.
            if (ChunkJson.TryGet(member.Value, "usage"u8, out var usage))
            {
                TakeUsage(usage);
            }
        }
        else if (!IsOfHead(member))
        {
            DeltaSeam.Pass(writer, member);
        }
    }

    private void TakeUsage(JsonElement usage)
    {
        if (usage.ValueKind is JsonValueKind.Object)
        {
            _usage = ChunkJson.Raw(usage).ToArray();
        }
    }

    private void WriteChoices(Utf8JsonWriter writer, JsonElement choices)
    {
        writer.WriteStartArray("choices"u8);
        if (choices.ValueKind is JsonValueKind.Array)
        {
            foreach (var choice in choices.EnumerateArray())
            {
                // One answer was asked for.
                if (choice.ValueKind is JsonValueKind.Object)
                {
                    WriteChoice(writer, choice);
                    break;
                }
            }
        }

        writer.WriteEndArray();
    }

    private void WriteChoice(Utf8JsonWriter writer, JsonElement choice)
    {
        var finished = false;
        JsonElement? logprobs = null;
        writer.WriteStartObject();
        foreach (var member in choice.EnumerateObject())
        {
            if (member.NameEquals("delta"u8) && member.Value.ValueKind is JsonValueKind.Object)
            {
                _delta.Write(writer, member.Value);
            }
            else if (member.NameEquals("text"u8) && ChunkJson.IsString(member.Value))
            {
                _delta.WriteLegacyText(writer, member.Value);
            }
            else if (member.NameEquals("finish_reason"u8))
            {
                finished |= WriteFinishReason(writer, member);
            }
            else if (member.NameEquals("logprobs"u8))
            {
                logprobs = member.Value;
            }
            else if (member.NameEquals("usage"u8))
            {
                TakeUsage(member.Value);
            }
            else
            {
                DeltaSeam.Pass(writer, member);
            }
        }

        if (logprobs is { } tokens)
        {
            // They are of the tokens of this event, of which the client may get a part.
            writer.WritePropertyName("logprobs"u8);
            writer.WriteRawValue(_delta.Cut ? "null"u8 : ChunkJson.Raw(tokens), skipInputValidation: true);
        }

        writer.WriteEndObject();
        if (finished)
        {
            _delta.Finish();
            Finished = true;
        }
    }

    private static bool WriteFinishReason(Utf8JsonWriter writer, JsonProperty member)
    {
        if (!ChunkJson.IsString(member.Value) || !ChunkJson.HoldsAnything(member.Value))
        {
            writer.WriteNull("finish_reason"u8);
            return false;
        }

        writer.WriteString("finish_reason"u8, AnswerFacts.Legal(ChunkJson.Text(member.Value)));
        return true;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>An answer that is put together from chunks, or from one whole body; then written as the one document that is kept.</summary>
internal sealed class AnswerParts
{
    private readonly ByteBudget _budget;
    private readonly MemberParts _top;
    private readonly SortedList<int, ChoiceParts> _choices = [];
    private readonly MemberPart _usage = new("usage"u8.ToArray());
    private bool _isFlagged;
    private bool _hasTopUsage;

    public AnswerParts(ByteBudget budget)
    {
        _budget = budget;
        _top = new MemberParts(budget);
    }

    /// <summary>Takes one chunk, or the whole body; false when it tells of a failure, or cannot be kept.</summary>
    public bool TryAdd(ReadOnlySpan<byte> json)
    {
        AnswerScanner.Scan(json, out var facts);
        return TryAdd(json, facts);
    }

    /// <summary>The same for one that has been scanned.</summary>
    public bool TryAdd(ReadOnlySpan<byte> json, in ChatChunkFacts facts)
    {
        if (facts.IsMalformed || facts.HasError)
            return false;
        _isFlagged |= facts.IsFlagged;
        var reader = JsonMembers.Open(json[JsonBody.Start(json)..]);
        reader.Read();
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (!TryAddMember(name, ref reader))
                return false;
        }

        return !_budget.IsOverdrawn;
    }

    /// <summary>Writes the document; false when there is no choice, one is missing, or clients could not use it.</summary>
    public bool TryWrite([NotNullWhen(true)] out byte[]? document, out AnswerSummary summary)
    {
        document = null;
        summary = default;
        if (_choices.Count == 0 || _choices.GetKeyAtIndex(_choices.Count - 1) != _choices.Count - 1)
            return false;
        var output = new ArrayBufferWriter<byte>();
        var isCompletion = _choices[0].IsCompletion;
        output.Write(isCompletion ? "{\"object\":\"text_completion\","u8 : "{\"object\":\"chat.completion\","u8);
        for (var i = 0; i < _top.Count; i++)
        {
            _top[i].WriteTo(output);
            output.Write(","u8);
        }

        output.Write("\"choices\":["u8);
        for (var i = 0; i < _choices.Count; i++)
        {
            var choice = _choices[i];
            output.Write(i == 0 ? default : ","u8);
            if (choice.IsMixed || choice.IsCompletion != isCompletion || !choice.TryWrite(output))
                return false;
        }

        output.Write("]"u8);
        if (_usage.Kind is PartKind.Other)
        {
            output.Write(","u8);
            _usage.WriteTo(output);
        }

        output.Write("}"u8);
        if (!Utf8.IsValid(output.WrittenSpan))
            return false;
        document = output.WrittenSpan.ToArray();
        summary = Summarise(isCompletion);
        return true;
    }

    private AnswerSummary Summarise(bool isCompletion)
    {
        var summary = new AnswerSummary
        {
            Choices = _choices.Count,
            IsCompletion = isCompletion,
            AllEnded = true,
            HasUsage = _usage.Kind is PartKind.Other,
            IsFlagged = _isFlagged,
        };
        for (var i = 0; i < _choices.Count; i++)
        {
            var choice = _choices[i];
            var ended = choice.FinishReason is not FinishReason.None;
            summary = summary with
            {
                AllEnded = summary.AllEnded && ended,
                FinishReasons = summary.FinishReasons | (ended ? 1 << (int)choice.FinishReason : 0),
                HasToolCalls = summary.HasToolCalls || choice.HasToolCalls,
                HasRefusal = summary.HasRefusal || choice.HasRefusal,
                TextBytes = summary.TextBytes + choice.TextBytes,
            };
        }

        return summary;
    }

    private bool TryAddMember(scoped ReadOnlySpan<byte> name, ref Utf8JsonReader reader)
    {
        if (name.SequenceEqual("choices"u8))
            return reader.TokenType == JsonTokenType.Null || (reader.TokenType == JsonTokenType.StartArray && TryAddChoices(ref reader));
        if (name.SequenceEqual("usage"u8))
        {
            TakeUsage(ref reader, isTop: true);
            return true;
        }

        if (IsOfOneAnswer(name))
        {
            reader.Skip();
            return true;
        }

        return _top.Replace(_top.GetOrAdd(name), ref reader);
    }

    /// <summary>Ids and padding, which a kept answer must not repeat, and what the document says itself.</summary>
    private static bool IsOfOneAnswer(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("id"u8) || name.SequenceEqual("object"u8) || name.SequenceEqual("obfuscation"u8) || name.SequenceEqual("x_groq"u8)
        || name.SequenceEqual("request_id"u8) || name.SequenceEqual("error"u8);

    // The last one counts, but for Kimi's, which stands in a choice and again at the top.
    private void TakeUsage(ref Utf8JsonReader reader, bool isTop)
    {
        if (reader.TokenType != JsonTokenType.StartObject || (_hasTopUsage && !isTop))
        {
            reader.Skip();
            return;
        }

        _hasTopUsage |= isTop;
        _top.Replace(_usage, ref reader);
    }

    private bool TryAddChoices(ref Utf8JsonReader reader)
    {
        for (var place = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; place++)
        {
            if (reader.TokenType != JsonTokenType.StartObject || ChoiceOf(reader, place) is not { } choice || !TryAddChoice(choice, ref reader))
                return false;
        }

        return true;
    }

    private bool TryAddChoice(ChoiceParts choice, ref Utf8JsonReader reader)
    {
        while (JsonMembers.NextMember(ref reader))
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.SequenceEqual("usage"u8))
                TakeUsage(ref reader, isTop: false);
            else if (name.SequenceEqual("index"u8) || name.SequenceEqual("error"u8))
                reader.Skip();
            else if (!choice.TryAdd(name, ref reader))
                return false;
        }

        return true;
    }

    private ChoiceParts? ChoiceOf(Utf8JsonReader piece, int place)
    {
        var index = ToolCallPiece.ReadIndex(piece);
        index = index < 0 ? place : index;
        if (_choices.TryGetValue(index, out var choice) || index >= ChatChunkFacts.MaxChoices)
            return choice;
        choice = new ChoiceParts(_budget, index);
        _choices.Add(index, choice);
        return choice;
    }
}

using System.Buffers;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>One call as its pieces come.</summary>
/// <param name="index">The <c>index</c> that its pieces name; -1 when they name none.</param>
internal sealed class ToolCall(int index)
{
    private readonly ArrayBufferWriter<byte> _id = new();
    private readonly ArrayBufferWriter<byte> _name = new();
    private readonly ArrayBufferWriter<byte> _arguments = new();

    private int _lookedAt;
    private bool _isWhole;

    public int Index => index;

    public ReadOnlySpan<byte> Id => _id.WrittenSpan;

    public ReadOnlySpan<byte> Name => _name.WrittenSpan;

    public ReadOnlySpan<byte> Arguments => _arguments.WrittenSpan;

    public bool IsCustom { get; private set; }

    /// <summary>Once it has been told, what it is called stands.</summary>
    public bool IsTold { get; set; }

    /// <summary>Enough is there to tell of it: providers that send names in pieces send them before the arguments.</summary>
    public bool CanBeTold => !Id.IsEmpty && !Name.IsEmpty && !Arguments.IsEmpty;

    /// <summary>Its arguments are an object that has been closed, so no more of it comes. Of an input in free text nobody can tell.</summary>
    public bool IsWhole()
    {
        // Looked into only where it may have been closed since the last time: pieces of several calls may alternate.
        if (IsCustom || _lookedAt == Arguments.Length)
            return _isWhole;
        _lookedAt = Arguments.Length;
        _isWhole = Arguments.TrimEnd(" \t\r\n"u8).EndsWith("}"u8) && IsClosedObject(Arguments);
        return _isWhole;
    }

    public void Take(ReadOnlySpan<byte> id, ReadOnlySpan<byte> name, ReadOnlySpan<byte> arguments, bool isCustom)
    {
        if (!IsTold)
        {
            IsCustom |= isCustom;
            if (Id.IsEmpty)
                _id.Write(id);

            // A name comes whole or in pieces: a piece that only says again what is there is not joined.
            if (!Name.SequenceEqual(name))
                _name.Write(name);
        }

        _arguments.Write(arguments);
    }

    private static bool IsClosedObject(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json, isFinalBlock: false, default);
            return reader.Read() && reader.TokenType is JsonTokenType.StartObject && reader.TrySkip();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

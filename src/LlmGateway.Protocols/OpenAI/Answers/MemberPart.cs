using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>One member, put together from its pieces.</summary>
internal sealed class MemberPart(byte[] name)
{
    // Allocated with the first byte: most members of most choices are null.
    private ArrayBufferWriter<byte>? _value;

    /// <summary>The name as it is spelt in JSON, without quotes.</summary>
    public byte[] Name => name;

    public PartKind Kind { get; set; }

    public ArrayBufferWriter<byte> Value => _value ??= new ArrayBufferWriter<byte>();

    /// <summary>The content of a string without its quotes, or of an array without its brackets, or a value.</summary>
    public ReadOnlySpan<byte> Raw => _value is null ? default : _value.WrittenSpan;

    public void Clear() => _value?.ResetWrittenCount();

    public void WriteTo(IBufferWriter<byte> output)
    {
        RawJson.WriteQuoted(name, output);
        output.Write(":"u8);
        WriteValueTo(output);
    }

    public void WriteValueTo(IBufferWriter<byte> output)
    {
        switch (Kind)
        {
            case PartKind.Null:
                output.Write("null"u8);
                break;
            case PartKind.Text:
                RawJson.WriteQuoted(Raw, output);
                break;
            case PartKind.Items:
                output.Write("["u8);
                output.Write(Raw);
                output.Write("]"u8);
                break;
            default:
                output.Write(Raw);
                break;
        }
    }
}

using System.Buffers;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Text that came while a call was open, and is told behind it.</summary>
internal readonly record struct HeldText(TextKind Kind)
{
    public ArrayBufferWriter<byte> Text { get; } = new();
}

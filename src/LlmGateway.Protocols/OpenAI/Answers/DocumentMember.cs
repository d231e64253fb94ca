using System.Text.Json;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>A member of a kept answer, as it is spelt there.</summary>
internal readonly ref struct DocumentMember(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, JsonTokenType type)
{
    /// <summary>Without its quotes.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;

    public bool IsText => type == JsonTokenType.String;

    public bool IsNull => type == JsonTokenType.Null;

    public bool IsContainer => type is JsonTokenType.StartObject or JsonTokenType.StartArray;

    /// <summary>The content of a string, without its quotes.</summary>
    public ReadOnlySpan<byte> Text => Value[1..^1];

    public bool Is(ReadOnlySpan<byte> name) => Name.SequenceEqual(name);
}

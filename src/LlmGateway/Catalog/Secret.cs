using System.Diagnostics;

namespace LlmGateway.Catalog;

/// <summary>A value that must not reach a log, a trace, an error or a serializer: only <see cref="Reveal"/> gives it away.</summary>
[DebuggerDisplay("***")]
internal sealed class Secret(string value) : IEquatable<Secret>
{
    private readonly string _value = value;

    /// <summary>The value itself. Call it only where it is put on the wire or hashed.</summary>
    public string Reveal() => _value;

    public bool IsEmpty => _value.Length == 0;

    public bool Equals(Secret? other) => other is not null && string.Equals(_value, other._value, StringComparison.Ordinal);

    public override bool Equals(object? obj) => Equals(obj as Secret);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(_value);

    public override string ToString() => "***";
}

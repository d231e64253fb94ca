using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>One request on its way: where its chat form is written, what was left out, and the first thing that was wrong with it.</summary>
internal sealed class TranslationState(Utf8JsonWriter writer)
{
    public Utf8JsonWriter Writer { get; } = writer;

    public DroppedMembers Dropped { get; } = new();

    public TranslationFault? Fault { get; private set; }

    /// <summary>False, so that a step can end with it; the first fault is the one that is told.</summary>
    public bool Fail(TranslationFault fault)
    {
        Fault ??= fault;
        return false;
    }

    public bool WrongType(RequestNode node, string expected) => Fail(RequestFaults.WrongType(node, expected));

    public bool Invalid(RequestNode node, string what) => Fail(RequestFaults.Invalid(node, what));

    public bool Unsupported(JsonPlace place, string what) => Fail(RequestFaults.Unsupported(place, what));

    public bool Missing(JsonPlace place) => Fail(RequestFaults.Missing(place));

    /// <summary>A string that must be there.</summary>
    public bool TryText(RequestNode node, [NotNullWhen(true)] out string? text)
    {
        text = node.Text;
        return text is not null || (node.Exists ? WrongType(node, "a string") : Missing(node.Place));
    }

    /// <summary>A string that may be there; null where it is not.</summary>
    public bool TryOptionalText(RequestNode node, out string? text)
    {
        text = node.Text;
        return text is not null || !node.Exists || WrongType(node, "a string");
    }

    /// <summary>A boolean that may be there; false where it is not.</summary>
    public bool TryFlag(RequestNode node, out bool flag)
    {
        flag = node.Kind is JsonValueKind.True;
        return flag || node.Kind is JsonValueKind.False || !node.Exists || WrongType(node, "a boolean");
    }

    /// <summary>An array that may be there; no items where it is not.</summary>
    public bool TryItems(RequestNode node, out int count)
    {
        count = node.IsArray ? node.Element.GetArrayLength() : 0;
        return node.IsArray || !node.Exists || WrongType(node, "an array");
    }

    public bool TryObject(RequestNode node) => node.IsObject || (node.Exists ? WrongType(node, "an object") : Missing(node.Place));

    /// <summary>Lists the members of an object that are not <paramref name="known"/>: newer SDKs send what is not known here yet.</summary>
    public void DropOthers(RequestNode node, ReadOnlySpan<string> known)
    {
        foreach (var member in node.Element.EnumerateObject())
        {
            if (member.Value.ValueKind is not JsonValueKind.Null && !known.Contains(member.Name))
                Dropped.Add(node.Place.Member(member.Name));
        }
    }
}

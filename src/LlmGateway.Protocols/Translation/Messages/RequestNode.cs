using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>A value of a request and where it stands. Null is as good as absent.</summary>
internal readonly record struct RequestNode(JsonElement Element, JsonPlace Place)
{
    public JsonValueKind Kind => Element.ValueKind;

    /// <summary>Neither absent nor null.</summary>
    public bool Exists => Kind is not (JsonValueKind.Undefined or JsonValueKind.Null);

    public bool IsArray => Kind is JsonValueKind.Array;

    public bool IsObject => Kind is JsonValueKind.Object;

    public bool IsString => Kind is JsonValueKind.String;

    /// <summary>The member of that name, <see cref="Exists"/> or not.</summary>
    public RequestNode Member(string name) =>
        new(IsObject && Element.TryGetProperty(name, out var value) ? value : default, Place.Member(name));

    /// <summary>The text of a string; null for anything else.</summary>
    public string? Text => IsString ? Element.GetString() : null;

    public bool Is(string text) => IsString && Element.ValueEquals(text);

    /// <summary>As the subject of an error message.</summary>
    public string Describe() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };
}

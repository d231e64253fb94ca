using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>One request on its way into a chat request: what is written, what was left out, and what was wrong first.</summary>
/// <param name="json">Writes the chat request.</param>
internal sealed class RequestPass(Utf8JsonWriter json)
{
    private const int LongestName = 64;
    private const int MostDropped = 20;

    private readonly List<string> _dropped = [];

    public Utf8JsonWriter Json => json;

    public TranslationFault? Fault { get; private set; }

    /// <summary>Paths of ASCII letters that may stand in a header.</summary>
    public IReadOnlyList<string> Dropped => _dropped;

    /// <summary>Tells that a member had no place.</summary>
    public void Drop(string path)
    {
        if (_dropped.Count < MostDropped)
            _dropped.Add(Printable(path));
    }

    /// <summary>Copies a value as it is spelt: the document holds no blanks.</summary>
    public void Copy(JsonElement value) => json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    public void Copy(ReadOnlySpan<byte> name, JsonElement value)
    {
        json.WritePropertyName(name);
        Copy(value);
    }

    /// <summary>Notes the first fault; always false, for the caller to return.</summary>
    public bool Refuse(string message, Place place, string code)
    {
        Fault ??= new TranslationFault(message, place.ToString(), code);
        return false;
    }

    public bool Missing(Place place) => Refuse($"Missing required parameter: '{place}'.", place, "missing_required_parameter");

    public bool Invalid(Place place, string what) => Refuse($"Invalid '{place}': {what}.", place, "invalid_value");

    public bool Unsupported(Place place, string what) => Refuse($"Unsupported parameter: '{place}'. {what}", place, "unsupported_parameter");

    public bool WrongType(Place place, string expected, JsonElement found) => found.ValueKind is JsonValueKind.Undefined
        ? Missing(place)
        : Refuse($"Invalid type for '{place}': expected {expected}, but got {Describe(found.ValueKind)} instead.", place, "invalid_type");

    /// <summary>A string that must be there.</summary>
    public bool TryText(JsonElement owner, string name, Place place, out JsonElement text)
    {
        text = Member(owner, name);
        return text.ValueKind is JsonValueKind.String || WrongType(place.At(name), "a string", text);
    }

    /// <summary>A member that says something: neither absent nor null.</summary>
    public static bool TryMember(JsonElement owner, string name, out JsonElement value)
    {
        value = Member(owner, name);
        return value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null);
    }

    /// <summary>A text of the caller for a message.</summary>
    public static string Shown(JsonElement text) => Errors.ErrorText.Bound(text.GetString() ?? "", LongestName);

    private static JsonElement Member(JsonElement owner, string name) => owner.TryGetProperty(name, out var value) ? value : default;

    private static string Printable(string path)
    {
        var text = new StringBuilder(Math.Min(path.Length, LongestName));
        foreach (var letter in path.AsSpan(0, Math.Min(path.Length, LongestName)))
            text.Append(char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or '.' or '[' or ']' ? letter : '?');
        return text.ToString();
    }

    private static string Describe(JsonValueKind found) => found switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };
}

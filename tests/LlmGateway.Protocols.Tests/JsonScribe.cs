using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Protocols.Tests;

/// <summary>Writes the same JSON in another hand: members in another order, blanks anywhere, strings escaped at will.</summary>
internal sealed class JsonScribe(int seed)
{
    private static readonly string[] Blanks = ["", "", "", " ", "\n", "\t", " \r\n "];
    private readonly Random _random = new(seed);

    public string Write(JsonNode? node) => Blank() + Value(node) + Blank();

    private string Value(JsonNode? node) => node switch
    {
        JsonObject members => "{" + Blank() + string.Join(",", Shuffled(members).Select(Member)) + "}",
        JsonArray items => "[" + Blank() + string.Join(",", items.Select(Write)) + "]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        null => "null",
        _ => node.ToJsonString(),
    };

    private IEnumerable<KeyValuePair<string, JsonNode?>> Shuffled(JsonObject members) => members.OrderBy(_ => _random.Next()).ToList();

    private string Member(KeyValuePair<string, JsonNode?> member) => Blank() + Text(member.Key) + Blank() + ":" + Write(member.Value);

    private string Text(string text)
    {
        var written = new StringBuilder("\"");
        var escapes = false;
        foreach (var letter in text)
        {
            // Both halves of a pair or none: a raw half is no UTF-8.
            escapes = char.IsLowSurrogate(letter) ? escapes : _random.Next(20) == 0 || letter is '"' or '\\' or < ' ';
            written.Append(escapes ? $"\\u{(int)letter:x4}" : letter.ToString());
        }

        return written.Append('"').ToString();
    }

    private string Blank() => Blanks[_random.Next(Blanks.Length)];
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LlmGateway.Tests.Requests;

/// <summary>Writes the same request in another hand: members in another order where that does not matter, strings and numbers spelt otherwise.</summary>
internal sealed class CanonicalScribe(int seed)
{
    private static readonly string[] Blanks = ["", "", " ", "\n", "\t ", "\r\n"];
    private readonly Random _random = new(seed);

    public byte[] Write(JsonObject request) => Encoding.UTF8.GetBytes(Members(request, level: 0));

    // Level 0 is the body, 1 a message, 2 a content part; deeper the order is kept.
    private string Members(JsonObject node, int level)
    {
        var members = node.Select(member => $"{Blank()}{Text(member.Key)}{Blank()}:{Blank()}{Value(member.Key, member.Value, level)}{Blank()}").ToArray();
        if (level < 3)
        {
            _random.Shuffle(members);
        }

        return $"{{{string.Join(",", members)}}}";
    }

    private string Value(string name, JsonNode? node, int level)
    {
        var unordered = (level, name) is (0, "messages") or (1, "content");
        return node switch
        {
            JsonObject members => Members(members, 3),
            JsonArray items => $"[{string.Join(",", items.Select(item => Blank() + (item is JsonObject part && unordered ? Members(part, level + 1) : Value("", item, 3))))}]",
            null => "null",
            _ when node.GetValueKind() is JsonValueKind.String && (level, name) is (1, "content") && _random.Next(3) == 0 =>
                Members(new JsonObject { ["type"] = "text", ["text"] = node.GetValue<string>() }, 2) is var part ? $"[{part}]" : "",
            _ when node.GetValueKind() is JsonValueKind.String => Text(node.GetValue<string>()),
            _ when node.GetValueKind() is JsonValueKind.Number => Number(node.ToJsonString()),
            _ => node.ToJsonString(),
        };
    }

    private string Number(string number) => _random.Next(5) switch
    {
        0 when !number.AsSpan().ContainsAny('.', 'e', 'E') => number + ".0",
        1 when number != "0" && !number.AsSpan().ContainsAny('.', 'e', 'E') => number + "00e-2",
        2 when !number.AsSpan().ContainsAny('e', 'E') => number + "E+0",
        3 when decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) => (value / 10).ToString(CultureInfo.InvariantCulture) + "e1",
        _ => number,
    };

    private string Text(string text)
    {
        var written = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            var letters = rune.ToString();
            written.Append(rune.Value is '"' or '\\' or < ' ' || _random.Next(6) == 0 ? string.Concat(letters.Select(letter => $"\\u{(int)letter:x4}")) : letters);
        }

        return written.Append('"').ToString();
    }

    private string Blank() => Blanks[_random.Next(Blanks.Length)];
}

using System.Text;
using CsCheck;

namespace LlmGateway.Tests.Requests;

/// <summary>Generates requests as text: members in any order, any white space, names and values escaped or not.</summary>
internal static class JsonBodies
{
    private static readonly Gen<string> Space = Gen.OneOf<string>("", "", " ", "\n", "\r\n\t ", "  ");

    private static readonly Gen<string> Letters =
        Gen.OneOf<string>("", "a", "Hello, world", "模型", "😀", "\"quoted\" \\ back", "line\nbreak", "data:image/png;base64,AAAA", "</script>", "ſ", "{\"model\":\"x\"}");

    private static readonly Gen<string> Text = Gen.Select(Letters, Gen.Int[0, 2], Quote);

    private static readonly Gen<string> Number = Gen.OneOf<string>("0", "-1", "1.5", "1e3", "12345678901234567890");

    private static readonly Gen<string> Literal = Gen.OneOf<string>("null", "true", "false");

    private static readonly Gen<string> Value = Gen.Recursive<string>((depth, self) => depth > 3
        ? Gen.OneOf(Text, Number, Literal)
        : Gen.Frequency(
            (4, Text),
            (2, Number),
            (2, Literal),
            (1, Gen.Select(self.Array[0, 3], Space, (items, space) => $"[{space}{string.Join($"{space},", items)}{space}]")),
            (1, Gen.Select(self.Array[0, 3], Space, (items, space) =>
                $"{{{space}{string.Join(",", items.Select((item, i) => $"{space}\"k{i}\"{space}:{item}"))}{space}}}"))));

    private static readonly Gen<string> Part = Gen.OneOf(
        Text.Select(text => $$"""{"type":"text","text":{{text}}}"""),
        Gen.Const("""{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}"""));

    private static readonly Gen<string> Message = Gen.OneOf(
        Text.Select(text => $$"""{"role":"user","content":{{text}}}"""),
        Part.Array[0, 3].Select(parts => $$"""{"content" : [{{string.Join(" , ", parts)}}],"role":"user"}"""),
        Value.Select(value => $$"""{"role":"tool","content":null,"unknown":{{value}}}"""));

    private static readonly Gen<string> StreamOptions = Gen.Select(
        Space,
        Gen.OneOf<string>(
            "null", "{}", "{ }", """{"include_usage":false}""", """{"include_usage": null }""", """{"include_usage":true}""",
            """{ "include_obfuscation":false }""", """{"include_obfuscation":false , "include_usage" :false}""",
            """{"include_\u0075sage":false,"x":{"include_usage":1}}"""),
        (space, options) => space + options);

    /// <summary>A valid chat request.</summary>
    public static readonly Gen<string> Chat =
        from model in Gen.Select(Gen.OneOf<string>("chat", "a/b", "模型", "x\"y"), Gen.Int[0, 2], Quote)
        from messages in Message.Array[0, 3].Select(items => $"[{string.Join(",", items)}]")
        from stream in Gen.OneOf<string?>(null, "true", "true", "false", "null")
        from options in StreamOptions.Null()
        from fallbacks in Gen.OneOf<string?>(null, null, "[]", "null", """[ "x" , "y\u0041" ]""")
        from max in Gen.OneOf<string?>(null, "16", "null", "4.0")
        from user in Gen.OneOf<string?>(null, "\"u\"", "\"\\ud800\"")
        from metadata in Gen.OneOf<string?>(null, "{}", """{"team":"a","n":1,"bad name":"x"}""", "null")
        from unknown in Value.Array[0, 2]
        let members = new (string Name, string? Value)[]
            {
                ("model", model), ("messages", messages), ("stream", stream), ("stream_options", options), ("fallbacks", fallbacks),
                ("max_tokens", max), ("user", user), ("metadata", metadata),
            }
            .Concat(unknown.Select((value, i) => (Name: $"x{i}", Value: (string?)value)))
            .Where(member => member.Value is not null)
            .ToArray()
        from order in Gen.Shuffle(members)
        from spaces in Space.Array[4]
        from escape in Gen.Int[0, 3]
        select Write(order, spaces, escape);

    private static string Write((string Name, string? Value)[] members, string[] spaces, int escape)
    {
        var json = new StringBuilder();
        json.Append(spaces[0]).Append('{');
        for (var i = 0; i < members.Length; i++)
        {
            json.Append(i == 0 ? "" : ",").Append(spaces[(i + 1) % 4]).Append(Quote(members[i].Name, escape == 3 ? 2 : 0)).Append(spaces[i % 4]).Append(':')
                .Append(spaces[(i + 2) % 4]).Append(members[i].Value).Append(spaces[(i + 3) % 4]);
        }

        return json.Append('}').Append(spaces[3]).ToString();
    }

    /// <summary>0: only what must be escaped; 1: with a few escapes more; 2: every character.</summary>
    private static string Quote(string text, int escape)
    {
        var json = new StringBuilder("\"");
        foreach (var c in text)
        {
            if (escape == 2 || (escape == 1 && c > 0x7F))
            {
                json.Append($"\\u{(int)c:x4}");
            }
            else if (c is '"' or '\\' || (c == '/' && escape == 1))
            {
                json.Append('\\').Append(c);
            }
            else
            {
                json.Append(c == '\n' ? "\\n" : c.ToString());
            }
        }

        return json.Append('"').ToString();
    }
}

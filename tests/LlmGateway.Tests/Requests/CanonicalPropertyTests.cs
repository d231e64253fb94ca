using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LlmGateway.Gateway;

namespace LlmGateway.Tests.Requests;

public sealed class CanonicalPropertyTests
{
    private static readonly string[] LeftOut = ["model", "stream", "user", "metadata", "fallbacks", "stream_options"];

    // Short, and few of them: so that two requests are often nearly the same.
    private static readonly Gen<string> Text = Gen.OneOf<string>("", "a", "ab", "b", "é", "😀", "\"\\", "s\0\u0001", "text", "user");

    private static readonly Gen<JsonNode?> Leaf = Gen.OneOf(
        Text.Select(text => (JsonNode?)JsonValue.Create(text)),
        Gen.Int[-2, 120].Select(number => (JsonNode?)JsonValue.Create(number)),
        Gen.OneOf<string>("true", "false", "null", "0.5", "1e30").Select(json => JsonNode.Parse(json)));

    private static readonly JsonNode?[] Leaves = ["", "a", "ab", "user", "text", 0, 1, 100, true, null];

    private static readonly Gen<JsonNode?> Value = Gen.Recursive<JsonNode?>((depth, self) => depth > 2
        ? Leaf
        : Gen.Frequency(
            (4, Leaf),
            (1, self.Array[0, 3].Select(items => (JsonNode?)new JsonArray([.. items.Select(item => item?.DeepClone())]))),
            (1, self.Array[0, 3].Select(items => (JsonNode?)Members(items.Select((item, i) => ($"k{i}", item)))))));

    private static readonly Gen<JsonNode?> Part = Gen.OneOf(
        Text.Select(text => (JsonNode?)Members([("type", "text"), ("text", text)])),
        Gen.Select(Text, Value, (text, more) => (JsonNode?)Members([("type", "text"), ("text", text), ("more", more)])),
        Text.Select(url => (JsonNode?)Members([("type", "image_url"), ("image_url", Members([("url", url)]))])));

    private static readonly Gen<JsonNode?> Content = Gen.OneOf(
        Text.Select(text => (JsonNode?)JsonValue.Create(text)),
        Part.Array[0, 3].Select(parts => (JsonNode?)new JsonArray([.. parts.Select(part => part?.DeepClone())])));

    private static readonly Gen<JsonNode?> Message = Gen.Select(
        Gen.OneOf<string>("user", "system", "assistant"), Content, Value, Gen.Bool,
        (role, content, more, has) => (JsonNode?)Members(has ? [("role", role), ("content", content), ("more", more)] : [("role", role), ("content", content)]));

    private static readonly Gen<JsonObject> Request = Gen.Select(Message.Array[0, 3], Value.Array[0, 3], Gen.Bool, Gen.Int[0, 2], (messages, more, stream, seed) =>
    {
        var request = Members([("model", "m"), ("messages", new JsonArray([.. messages.Select(message => message?.DeepClone())])), ("stream", stream)]);
        foreach (var (value, i) in more.Select((value, i) => (value, i)))
        {
            request[$"x{i}"] = value?.DeepClone();
        }

        if (seed > 0)
        {
            request["seed"] = seed;
        }

        return request;
    });

    [Fact]
    public void Another_hand_gives_the_same_bytes() =>
        Gen.Select(Request, Gen.Int, Gen.Int).Sample(
            (request, one, other) =>
            {
                Assert.Equal(Canon(new CanonicalScribe(one).Write(request)), Canon(new CanonicalScribe(other).Write(request)));
            },
            iter: 5_000);

    [Fact]
    public void A_request_with_one_change_has_the_same_bytes_only_where_it_asks_the_same() =>
        Gen.Select(Request, Gen.Int, Gen.Int).Sample(
            (request, seed, hand) =>
            {
                var changed = (JsonObject)request.DeepClone();
                Change(changed, new Random(seed));
                var same = Meaning(request) == Meaning(changed);

                var (one, other) = (Canon(new CanonicalScribe(hand).Write(request)), Canon(new CanonicalScribe(hand + 1).Write(changed)));

                Assert.True(same == one.SequenceEqual(other), $"{same}: {request.ToJsonString()} {changed.ToJsonString()}");
            },
            iter: 20_000);

    [Fact]
    public void Two_requests_have_the_same_bytes_only_where_they_ask_the_same() =>
        Gen.Select(Request, Request, Gen.Int).Sample(
            (request, other, hand) =>
                Assert.Equal(
                    Meaning(request) == Meaning(other),
                    Canon(new CanonicalScribe(hand).Write(request)).SequenceEqual(Canon(new CanonicalScribe(hand + 1).Write(other)))),
            iter: 5_000);

    /// <summary>The rules once more, slowly: what does not matter taken off, the rest in one order.</summary>
    private static string Meaning(JsonObject request) =>
        Sorted(request.Where(member => !LeftOut.Contains(member.Key) && !(member.Key is "seed" && member.Value is null)), (name, value) =>
            name == "messages" && value is JsonArray messages ? $"[{string.Join(",", messages.Select(MessageMeaning))}]" : Plain(value));

    private static string MessageMeaning(JsonNode? message) =>
        Sorted(message!.AsObject().Where(member => !(member.Key is "content" && member.Value is null)), (name, value) => name == "content" ? ContentMeaning(value) : Plain(value));

    private static string ContentMeaning(JsonNode? content) => content switch
    {
        JsonArray { Count: 1 } parts when parts[0] is JsonObject { Count: 2 } part && IsText(part) => Plain(part["text"]),
        JsonArray parts => $"[{string.Join(",", parts.Select(part => part is JsonObject members ? Sorted(members, (_, value) => Plain(value)) : Plain(part)))}]",
        _ => Plain(content),
    };

    private static bool IsText(JsonObject part) =>
        part["type"] is JsonValue type && type.GetValueKind() is JsonValueKind.String && type.GetValue<string>() == "text"
        && part["text"] is JsonValue text && text.GetValueKind() is JsonValueKind.String;

    private static string Sorted(IEnumerable<KeyValuePair<string, JsonNode?>> members, Func<string, JsonNode?, string> value) =>
        $"{{{string.Join(",", members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}:{value(member.Key, member.Value)}"))}}}";

    private static string Plain(JsonNode? node) => node?.ToJsonString() ?? "null";

    /// <summary>Changes a leaf, takes a member away, or moves a text from one member to another.</summary>
    private static void Change(JsonObject request, Random random)
    {
        var places = Places(request).ToArray();
        var (parent, key) = places[random.Next(places.Length)];
        switch (random.Next(4))
        {
            case 0 when parent is JsonObject members && key is string name && name is not ("messages" or "model"):
                members.Remove(name);
                break;
            case 1:
                var (otherParent, otherKey) = places[random.Next(places.Length)];
                var (one, other) = (Get(parent, key), Get(otherParent, otherKey));
                if (one is JsonValue or null && other is JsonValue or null && !Fixed(key) && !Fixed(otherKey))
                {
                    Set(parent, key, other?.DeepClone());
                    Set(otherParent, otherKey, one?.DeepClone());
                }

                break;
            default:
                if (Get(parent, key) is JsonValue or null && !Fixed(key))
                {
                    Set(parent, key, Leaves[random.Next(Leaves.Length)]?.DeepClone());
                }

                break;
        }
    }

    // What the reader insists upon.
    private static bool Fixed(object key) => key is "model" or "stream" or "messages";

    private static IEnumerable<(JsonNode Parent, object Key)> Places(JsonNode? node) => node switch
    {
        JsonObject members => members.ToArray().SelectMany(member => Places(member.Value).Prepend((members, member.Key))),
        JsonArray items => items.ToArray().SelectMany((item, i) => item is JsonValue or null ? Places(item).Prepend((items, i)) : Places(item)),
        _ => [],
    };

    private static JsonNode? Get(JsonNode parent, object key) => key is string name ? parent[name] : parent[(int)key];

    private static void Set(JsonNode parent, object key, JsonNode? value)
    {
        if (key is string name)
        {
            parent[name] = value;
        }
        else
        {
            parent[(int)key] = value;
        }
    }

    private static JsonObject Members(IEnumerable<(string Name, JsonNode? Value)> members) =>
        new(members.Select(member => KeyValuePair.Create(member.Name, member.Value?.DeepClone())));

    private static byte[] Canon(byte[] json)
    {
        using var canon = Bodies.Accept(json).Canonical(EndpointKind.ChatCompletions);
        return canon.Bytes.ToArray();
    }
}

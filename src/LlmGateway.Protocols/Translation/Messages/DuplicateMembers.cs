using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Finds a member that an object has twice.</summary>
internal static class DuplicateMembers
{
    /// <summary>The place of the first; null for none.</summary>
    public static JsonPlace? Find(RequestNode node)
    {
        if (node.IsObject)
            return FindInObject(node);
        if (!node.IsArray)
            return null;
        var index = 0;
        foreach (var item in node.Element.EnumerateArray())
        {
            if (IsContainer(item) && Find(new RequestNode(item, node.Place.Item(index))) is { } place)
                return place;
            index++;
        }

        return null;
    }

    private static JsonPlace? FindInObject(RequestNode node)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in node.Element.EnumerateObject())
        {
            var name = member.Name;
            if (!seen.Add(name))
                return node.Place.Member(name);
            if (IsContainer(member.Value) && Find(new RequestNode(member.Value, node.Place.Member(name))) is { } place)
                return place;
        }

        return null;
    }

    private static bool IsContainer(JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
}

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Reads the content blocks that a user, a tool or a document may bring.</summary>
internal static class ContentReader
{
    /// <summary>Between blocks of text that become one string: each was a paragraph of its own.</summary>
    public const string Separator = "\n\n";

    private static readonly string[] TextMembers = ["type", "text"];
    private static readonly string[] SearchMembers = ["type", "source", "title", "content"];

    /// <summary>Reads a string, or an array of blocks; nothing where there is nothing.</summary>
    public static bool TryReadAll(TranslationState state, RequestNode content, List<ContentPart> parts)
    {
        if (content.Text is { } text)
        {
            parts.Add(ContentPart.OfText(text));
            return true;
        }

        if (content.Exists && !content.IsArray)
            return state.WrongType(content, "a string or an array of content blocks");
        if (!content.Exists)
            return true;
        var index = 0;
        foreach (var block in content.Element.EnumerateArray())
        {
            if (!TryRead(state, new RequestNode(block, content.Place.Item(index++)), parts))
                return false;
        }

        return true;
    }

    public static bool TryRead(TranslationState state, RequestNode block, List<ContentPart> parts)
    {
        if (!state.TryObject(block))
            return false;
        var type = block.Member("type");
        if (!state.TryText(type, out var name))
            return false;
        return name switch
        {
            "text" => TryReadText(state, block, parts),
            "image" => MediaReader.TryReadImage(state, block, parts),
            "document" => MediaReader.TryReadDocument(state, block, parts),
            "search_result" => TryReadSearchResult(state, block, parts),
            _ => state.Unsupported(
                type.Place, $"content of the type '{name}' has no form in the chat dialect; send text, image, document or search_result here"),
        };
    }

    /// <summary>Reads what may only be text, as one string.</summary>
    public static bool TryReadText(TranslationState state, RequestNode content, out string text)
    {
        var parts = new List<ContentPart>();
        text = "";
        if (!TryReadAll(state, content, parts))
            return false;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Kind is not ContentKind.Text)
                return state.Unsupported(content.Place.Item(i).Member("type"), "only text can stand here");
        }

        text = Join(parts);
        return true;
    }

    /// <summary>The texts among the parts, as one string.</summary>
    public static string Join(List<ContentPart> parts)
    {
        var texts = new List<string>(parts.Count);
        foreach (var part in parts)
        {
            if (part.Kind is ContentKind.Text && part.Text!.Length > 0)
                texts.Add(part.Text);
        }

        return string.Join(Separator, texts);
    }

    private static bool TryReadText(TranslationState state, RequestNode block, List<ContentPart> parts)
    {
        if (!state.TryText(block.Member("text"), out var text))
            return false;
        state.DropOthers(block, TextMembers);
        parts.Add(ContentPart.OfText(text));
        return true;
    }

    private static bool TryReadSearchResult(TranslationState state, RequestNode block, List<ContentPart> parts)
    {
        if (!state.TryText(block.Member("title"), out var title)
            || !state.TryText(block.Member("source"), out var source)
            || !TryReadText(state, block.Member("content"), out string text))
        {
            return false;
        }

        state.DropOthers(block, SearchMembers);
        parts.Add(ContentPart.OfText($"{title}\n{source}\n{text}"));
        return true;
    }
}

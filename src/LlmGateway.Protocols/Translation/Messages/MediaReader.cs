namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Reads images and documents.</summary>
internal static class MediaReader
{
    private const string Pdf = "application/pdf";

    private static readonly string[] ImageMembers = ["type", "source"];
    private static readonly string[] DocumentMembers = ["type", "source", "title", "context"];

    public static bool TryReadImage(TranslationState state, RequestNode block, List<ContentPart> parts)
    {
        var source = block.Member("source");
        if (!state.TryObject(source) || !state.TryText(source.Member("type"), out var type))
            return false;
        state.DropOthers(block, ImageMembers);
        switch (type)
        {
            case "url":
                if (!state.TryText(source.Member("url"), out var url))
                    return false;
                parts.Add(ContentPart.OfImage(url));
                return true;
            case "base64":
                var media = source.Member("media_type");
                if (!TryData(state, source, out var mediaType, out var data))
                    return false;
                if (mediaType is not ("image/jpeg" or "image/png" or "image/gif" or "image/webp"))
                    return state.Invalid(media, "it must be image/jpeg, image/png, image/gif or image/webp");
                parts.Add(ContentPart.OfImage(data.Element, mediaType));
                return true;
            default:
                return NoSuchSource(state, source, "images", "base64 or url");
        }
    }

    public static bool TryReadDocument(TranslationState state, RequestNode block, List<ContentPart> parts)
    {
        var source = block.Member("source");
        if (!state.TryObject(source)
            || !state.TryText(source.Member("type"), out var type)
            || !state.TryOptionalText(block.Member("title"), out var title)
            || !state.TryOptionalText(block.Member("context"), out var context))
        {
            return false;
        }

        state.DropOthers(block, DocumentMembers);
        switch (type)
        {
            case "base64":
                if (!TryData(state, source, out var mediaType, out var data))
                    return false;
                if (mediaType is not Pdf)
                    return state.Invalid(source.Member("media_type"), $"it must be {Pdf}");
                if (!string.IsNullOrEmpty(context))
                    parts.Add(ContentPart.OfText(context));
                parts.Add(ContentPart.OfFile(data.Element, Pdf, string.IsNullOrEmpty(title) ? "document.pdf" : title));
                return true;
            case "text":
                if (!state.TryText(source.Member("data"), out var text))
                    return false;
                AddHead(parts, title, context);
                parts.Add(ContentPart.OfText(text));
                return true;
            case "content":
                AddHead(parts, title, context);
                return ContentReader.TryReadAll(state, source.Member("content"), parts);
            default:
                return NoSuchSource(state, source, "documents", "base64, text or content");
        }
    }

    private static bool TryData(TranslationState state, RequestNode source, out string mediaType, out RequestNode data)
    {
        data = source.Member("data");
        if (!state.TryText(source.Member("media_type"), out mediaType!))
            return false;

        // The text itself is not read: it can be long.
        return data.IsString || (data.Exists ? state.WrongType(data, "a string") : state.Missing(data.Place));
    }

    private static void AddHead(List<ContentPart> parts, string? title, string? context)
    {
        if (!string.IsNullOrEmpty(title))
            parts.Add(ContentPart.OfText(title));
        if (!string.IsNullOrEmpty(context))
            parts.Add(ContentPart.OfText(context));
    }

    private static bool NoSuchSource(TranslationState state, RequestNode source, string what, string instead)
    {
        var type = source.Member("type");
        return state.Unsupported(type.Place, $"{what} from a source of the type '{type.Text}' have no form in the chat dialect; use {instead}");
    }
}

using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>The content of a message that is not the assistant's, or what a tool gave.</summary>
internal static class InputContent
{
    private const string Supported = "input_text, output_text, refusal, input_image, input_file or input_audio";

    /// <summary>Writes the value of <c>content</c>.</summary>
    /// <param name="content">A string or an array of parts.</param>
    /// <param name="takesMedia">Only a user's message takes more than text.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="pass">The request on its way.</param>
    public static bool TryWrite(JsonElement content, bool takesMedia, Place place, RequestPass pass)
    {
        if (content.ValueKind is JsonValueKind.String)
        {
            pass.Copy(content);
            return true;
        }

        if (content.ValueKind is not JsonValueKind.Array)
            return pass.WrongType(place, "a string or an array", content);

        // Not every provider takes parts, so one that is only text goes as the text.
        if (content.GetArrayLength() == 0)
        {
            pass.Json.WriteStringValue(""u8);
            return true;
        }

        if (content.GetArrayLength() == 1 && IsBareText(content[0], out var text))
        {
            pass.Copy(text);
            return true;
        }

        pass.Json.WriteStartArray();
        var index = 0;
        foreach (var part in content.EnumerateArray())
        {
            if (!TryWritePart(part, takesMedia, place.Item(index++), pass))
                return false;
        }

        pass.Json.WriteEndArray();
        return true;
    }

    /// <summary>Finds out whether a part is text, or the assistant's refusal, which is what it said.</summary>
    public static bool TryText(JsonElement part, Place place, RequestPass pass, out JsonElement text)
    {
        text = default;
        if (part.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", part);
        if (!pass.TryText(part, "type", place, out var type))
            return false;
        if (IsText(type))
            return pass.TryText(part, "text", place, out text);
        if (type.ValueEquals("refusal"u8))
            return pass.TryText(part, "refusal", place, out text);
        return TakesOnlyText(type, place, pass);
    }

    private static bool TryWritePart(JsonElement part, bool takesMedia, Place place, RequestPass pass)
    {
        if (part.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place, "an object", part);
        if (!pass.TryText(part, "type", place, out var type))
            return false;
        var isMedia = type.ValueEquals("input_image"u8) || type.ValueEquals("input_file"u8) || type.ValueEquals("input_audio"u8);
        if (!isMedia || !takesMedia)
            return TryText(part, place, pass, out var text) && WriteText(part, text, pass);
        return type.ValueEquals("input_image"u8) ? TryWriteImage(part, place, pass)
            : type.ValueEquals("input_file"u8) ? TryWriteFile(part, place, pass)
            : TryWriteAudio(part, place, pass);
    }

    private static bool WriteText(JsonElement part, JsonElement text, RequestPass pass)
    {
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "text"u8);
        pass.Copy("text"u8, text);
        return EndPart(part, pass);
    }

    private static bool TryWriteImage(JsonElement part, Place place, RequestPass pass)
    {
        if (!RequestPass.TryMember(part, "image_url", out var url) && RequestPass.TryMember(part, "file_id", out _))
            return pass.Unsupported(place.At("file_id"), "No files are kept here; give the image as 'image_url', a URL or a data URL.");
        if (url.ValueKind is not JsonValueKind.String)
            return pass.WrongType(place.At("image_url"), "a string", url);
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "image_url"u8);
        pass.Json.WriteStartObject("image_url"u8);
        pass.Copy("url"u8, url);
        if (RequestPass.TryMember(part, "detail", out var detail))
            WriteDetail(detail, pass);
        pass.Json.WriteEndObject();
        return EndPart(part, pass);
    }

    // A chat request knows no image of original size: the best that it knows is what comes nearest.
    private static void WriteDetail(JsonElement detail, RequestPass pass)
    {
        if (detail.ValueKind is JsonValueKind.String && detail.ValueEquals("original"u8))
            pass.Json.WriteString("detail"u8, "high"u8);
        else
            pass.Copy("detail"u8, detail);
    }

    private static bool TryWriteFile(JsonElement part, Place place, RequestPass pass)
    {
        if (RequestPass.TryMember(part, "file_url", out _))
        {
            return pass.Unsupported(
                place.At("file_url"), "Chat completions load no files from URLs; send the file itself as 'file_data' with 'filename'.");
        }

        var hasId = RequestPass.TryMember(part, "file_id", out var id);
        var hasData = RequestPass.TryMember(part, "file_data", out var data);
        if (!hasId && !hasData)
            return pass.Missing(place.At("file_data"));
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "file"u8);
        pass.Json.WriteStartObject("file"u8);
        if (hasId)
            pass.Copy("file_id"u8, id);
        if (hasData)
            pass.Copy("file_data"u8, data);
        if (RequestPass.TryMember(part, "filename", out var name))
            pass.Copy("filename"u8, name);
        pass.Json.WriteEndObject();
        return EndPart(part, pass);
    }

    private static bool TryWriteAudio(JsonElement part, Place place, RequestPass pass)
    {
        if (!RequestPass.TryMember(part, "input_audio", out var audio) || audio.ValueKind is not JsonValueKind.Object)
            return pass.WrongType(place.At("input_audio"), "an object", audio);
        pass.Json.WriteStartObject();
        pass.Json.WriteString("type"u8, "input_audio"u8);
        pass.Copy("input_audio"u8, audio);
        return EndPart(part, pass);
    }

    private static bool EndPart(JsonElement part, RequestPass pass)
    {
        if (RequestPass.TryMember(part, "prompt_cache_breakpoint", out var mark))
            pass.Copy("prompt_cache_breakpoint"u8, mark);
        pass.Json.WriteEndObject();
        return true;
    }

    private static bool IsBareText(JsonElement part, out JsonElement text)
    {
        text = default;
        return part.ValueKind is JsonValueKind.Object && !RequestPass.TryMember(part, "prompt_cache_breakpoint", out _)
            && RequestPass.TryMember(part, "type", out var type) && type.ValueKind is JsonValueKind.String && IsText(type)
            && RequestPass.TryMember(part, "text", out text) && text.ValueKind is JsonValueKind.String;
    }

    private static bool IsText(JsonElement type) => type.ValueEquals("input_text"u8) || type.ValueEquals("output_text"u8);

    private static bool TakesOnlyText(JsonElement type, Place place, RequestPass pass) =>
        type.ValueEquals("input_image"u8) || type.ValueEquals("input_file"u8) || type.ValueEquals("input_audio"u8)
            ? pass.Unsupported(
                place.At("type"), "Chat completions take images, files and audio from the user only; put it into a message of the role 'user'.")
            : pass.Invalid(place.At("type"), $"'{RequestPass.Shown(type)}' is none of {Supported}");
}

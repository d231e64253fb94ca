using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>A part of a message's content, as the chat dialect will have it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The text; of an image or file by reference its URL; of one given as data null.</param>
/// <param name="Data">The base64 of an image or file.</param>
/// <param name="MediaType">Of the data.</param>
/// <param name="Name">Of the file.</param>
internal readonly record struct ContentPart(ContentKind Kind, string? Text, JsonElement Data, string? MediaType, string? Name)
{
    public static ContentPart OfText(string text) => new(ContentKind.Text, text, default, null, null);

    public static ContentPart OfImage(string url) => new(ContentKind.Image, url, default, null, null);

    public static ContentPart OfImage(JsonElement data, string mediaType) => new(ContentKind.Image, null, data, mediaType, null);

    public static ContentPart OfFile(JsonElement data, string mediaType, string name) => new(ContentKind.File, null, data, mediaType, name);

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Kind is ContentKind.Text)
        {
            writer.WriteString("type"u8, "text"u8);
            writer.WriteString("text"u8, Text);
        }
        else if (Kind is ContentKind.Image)
        {
            writer.WriteString("type"u8, "image_url"u8);
            writer.WriteStartObject("image_url"u8);
            writer.WritePropertyName("url"u8);
            WriteAddress(writer);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("type"u8, "file"u8);
            writer.WriteStartObject("file"u8);
            writer.WriteString("filename"u8, Name);
            writer.WritePropertyName("file_data"u8);
            WriteAddress(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    // Images are megabytes: they go from the one body to the other without becoming a string of UTF-16 in between.
    private void WriteAddress(Utf8JsonWriter writer)
    {
        if (Text is not null)
        {
            writer.WriteStringValue(Text);
            return;
        }

        var raw = JsonMarshal.GetRawUtf8Value(Data)[1..^1];
        writer.WriteStringValueSegment(Encoding.UTF8.GetBytes($"data:{MediaType};base64,"), isFinalSegment: false);
        writer.WriteStringValueSegment(raw.Contains((byte)'\\') ? Encoding.UTF8.GetBytes(Data.GetString()!) : raw, isFinalSegment: true);
    }
}

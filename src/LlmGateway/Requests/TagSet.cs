using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Requests;

/// <summary>The tags of one exchange while they are put together, in the order in which they came.</summary>
internal sealed class TagSet
{
    public const int MaxTags = 32;

    /// <summary>Longest JSON text of all of them, in UTF-8 bytes.</summary>
    public const int MaxBytes = 4096;

    // Quotes around name and value, the colon, and a comma or a brace.
    private const int Punctuation = 6;

    private readonly List<Tag> _tags = [];
    private int _bytes = 1;

    /// <summary>Adds a tag or gives it a new value; false when there is no room for it.</summary>
    public bool TryAdd(string name, ReadOnlySpan<char> value, bool final)
    {
        // What need not be escaped in JSON stays as it is; the admin API escapes for HTML where it shows it.
        var text = JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        var at = Find(name);
        var grows = text.EncodedUtf8Bytes.Length + (at < 0 ? name.Length + Punctuation : -_tags[at].Value.EncodedUtf8Bytes.Length);
        if (_bytes + grows > MaxBytes || (at < 0 && _tags.Count == MaxTags))
        {
            return false;
        }

        _bytes += grows;
        if (at < 0)
        {
            _tags.Add(new Tag(name, text, final));
        }
        else
        {
            _tags[at] = new Tag(name, text, final);
        }

        return true;
    }

    /// <summary>The tag was set by somebody who has the last word.</summary>
    public bool IsFinal(string name) => Find(name) is >= 0 and var at && _tags[at].Final;

    /// <summary>One compact JSON object in UTF-8; empty where there are no tags.</summary>
    public byte[] ToJson()
    {
        if (_tags.Count == 0)
        {
            return [];
        }

        var json = new byte[_bytes];
        var at = 0;
        foreach (var tag in _tags)
        {
            json[at++] = (byte)(at == 1 ? '{' : ',');
            json[at++] = (byte)'"';
            at += System.Text.Encoding.ASCII.GetBytes(tag.Name, json.AsSpan(at));
            "\":\""u8.CopyTo(json.AsSpan(at));
            at += 3;
            tag.Value.EncodedUtf8Bytes.CopyTo(json.AsSpan(at));
            at += tag.Value.EncodedUtf8Bytes.Length;
            json[at++] = (byte)'"';
        }

        json[at] = (byte)'}';
        return json;
    }

    private int Find(string name)
    {
        for (var i = 0; i < _tags.Count; i++)
        {
            if (string.Equals(_tags[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    private readonly record struct Tag(string Name, JsonEncodedText Value, bool Final);
}

using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace LlmGateway.Keys;

/// <summary>What the audit says of a change of a key: the members as the API names them, with what they are now. Never a secret.</summary>
internal static class KeyAudit
{
    // The audit is read by people, and nothing puts it into HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What has changed, as JSON; null where no member has, as when a key is rotated or revoked.</summary>
    /// <param name="before">Null for a key that was made: then all members.</param>
    public static string? Details(VirtualKey? before, VirtualKey after)
    {
        var written = new ArrayBufferWriter<byte>(256);
        var any = false;
        using (var json = new Utf8JsonWriter(written, Options))
        {
            json.WriteStartObject();
            Write("tenant", before?.Tenant == after.Tenant, name => json.WriteString(name, after.Tenant));
            Write("project", before?.Project == after.Project, name => json.WriteString(name, after.Project));
            Write("name", before?.Name == after.Name, name => json.WriteString(name, after.Name));
            Write("routes", before?.Routes.SequenceEqual(after.Routes, StringComparer.Ordinal) == true, name => WriteRoutes(json, name, after));
            Write("tags", before is not null && Same(before.Tags, after.Tags), name => WriteTags(json, name, after));
            Write("expires_at", before is not null && before.ExpiresAt == after.ExpiresAt, name => WriteExpiry(json, name, after));
            Write("enabled", before?.Enabled == after.Enabled, name => json.WriteBoolean(name, after.Enabled));
            json.WriteEndObject();
        }

        return any ? Encoding.UTF8.GetString(written.WrittenSpan) : null;

        void Write(string name, bool same, Action<string> write)
        {
            if (!same)
            {
                any = true;
                write(name);
            }
        }
    }

    private static bool Same(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        one.Count == other.Count && one.All(tag => other.TryGetValue(tag.Key, out var value) && value == tag.Value);

    private static void WriteRoutes(Utf8JsonWriter json, string name, VirtualKey key)
    {
        json.WriteStartArray(name);
        foreach (var route in key.Routes)
        {
            json.WriteStringValue(route);
        }

        json.WriteEndArray();
    }

    private static void WriteTags(Utf8JsonWriter json, string name, VirtualKey key)
    {
        json.WriteStartObject(name);
        foreach (var (tag, value) in key.Tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal))
        {
            json.WriteString(tag, value);
        }

        json.WriteEndObject();
    }

    private static void WriteExpiry(Utf8JsonWriter json, string name, VirtualKey key)
    {
        if (key.ExpiresAt is { } at)
        {
            json.WriteString(name, at.UtcDateTime);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}

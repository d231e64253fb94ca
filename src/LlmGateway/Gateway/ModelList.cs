using System.Buffers;
using System.Text.Json;
using LlmGateway.Keys;

namespace LlmGateway.Gateway;

/// <summary><c>GET /v1/models</c>: the routes that a key may use, as OpenAI lists models.</summary>
internal static class ModelList
{
    /// <summary><c>{"object":"list","data":[{"id","object":"model","created","owned_by"}]}</c>, by name.</summary>
    public static ReadOnlyMemory<byte> All(Exchange exchange, VirtualKey key)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object", "list");
            json.WriteStartArray("data");
            foreach (var name in exchange.Snapshot.Routes.Keys.Where(key.Allows).Order(StringComparer.Ordinal))
            {
                Write(json, exchange, name);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>One model, or null where the key may not know of it.</summary>
    public static ReadOnlyMemory<byte>? One(Exchange exchange, VirtualKey key, string name)
    {
        if (!exchange.Snapshot.Routes.ContainsKey(name) || !key.Allows(name))
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, exchange, name);
        }

        return buffer.WrittenMemory;
    }

    private static void Write(Utf8JsonWriter json, Exchange exchange, string name)
    {
        json.WriteStartObject();
        json.WriteString("id", name);
        json.WriteString("object", "model");
        json.WriteNumber("created", exchange.Snapshot.LoadedAt.ToUnixTimeSeconds());
        json.WriteString("owned_by", "llmgateway");
        json.WriteEndObject();
    }
}

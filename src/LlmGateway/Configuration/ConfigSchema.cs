using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration;

/// <summary>The JSON Schema (draft 2020-12) that editors check and complete the configuration with.</summary>
internal static class ConfigSchema
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Generate()
    {
        var definitions = new SchemaDefinitions();
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "LlmGateway configuration",
            ["description"] = "gateway.yaml and the files that it includes. Durations: 10ms 5s 3m 1h 7d. Sizes: KB MB GB, powers of 1,024 bytes.",
        };
        foreach (var (name, value) in RecordType<GatewayConfig>.Instance.Describe(definitions))
        {
            schema[name] = value?.DeepClone();
        }

        schema["$defs"] = definitions.ToJson();
        return schema.ToJsonString(Readable) + "\n";
    }
}

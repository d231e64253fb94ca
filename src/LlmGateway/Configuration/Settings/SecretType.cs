using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>A secret, which messages and readers never see: only where it comes from.</summary>
internal sealed class SecretType : SettingType
{
    public const string Pattern = @"^\$\{(env|file):[^}]+\}$";

    public override string Expected => "a secret as ${env:NAME} or ${file:path}";

    public override object? Read(YamlValue value, SettingPath path, ReadContext context)
    {
        if (value is YamlScalar { Empty: false, Text.Length: > 0 } scalar)
        {
            return context.Secrets.Resolve(scalar, path, context.Problems);
        }

        var what = value is YamlScalar ? "has no value" : "is not one piece of text";
        context.Problems.Error(value.At, path, what, $"write {Expected}");
        return null;
    }

    public override JsonNode Show(object value) => JsonValue.Create(((SecretSetting)value).Reference);

    public override JsonObject Schema(SchemaDefinitions definitions) => new() { ["type"] = "string", ["pattern"] = Pattern };
}

using LlmGateway.Catalog;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>Looks secrets up in the environment and in files.</summary>
internal sealed class SecretSource(Func<string, string?> environment, FileLog files)
{
    private const string Remedy = "write ${env:NAME} or ${file:path}";

    /// <summary>The secret that the text refers to; null where that cannot be read, which has been reported.</summary>
    public SecretSetting? Resolve(YamlScalar written, SettingPath path, ProblemList problems)
    {
        var text = written.Text;
        if (!text.StartsWith("${", StringComparison.Ordinal))
        {
            return text.Contains("${", StringComparison.Ordinal)
                ? Refuse(written, path, problems, "has text around its reference", "write the reference alone, and keep the whole value in what it refers to")
                : new SecretSetting(SecretOrigin.Literal, "***", new Secret(text));
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var end = text.IndexOf('}', StringComparison.Ordinal);
        if (colon < 0 || end < colon + 2 || end != text.Length - 1)
        {
            return Refuse(written, path, problems, "is not a complete reference", Remedy);
        }

        var name = text[(colon + 1)..end];
        return text[2..colon] switch
        {
            "env" => new SecretSetting(SecretOrigin.Environment, text, new Secret(environment(name)?.Trim() ?? "")),
            "file" => ReadFile(written, name, path, problems),
            var other => Refuse(written, path, problems, $"refers to {Shown.Text(other)}, which is not known", Remedy),
        };
    }

    private SecretSetting? ReadFile(YamlScalar written, string name, SettingPath path, ProblemList problems)
    {
        var folder = Path.GetDirectoryName(written.At.File.FullPath)!;
        var text = files.Read(Path.GetFullPath(Path.Combine(folder, name)), secret: true, out var failure);
        if (text is null)
        {
            return Refuse(written, path, problems, $"the file {Shown.Text(name)} cannot be read, {failure}", "create it, or let the gateway's user read it");
        }

        // Editors and kubectl end a file with a line break that nobody means.
        text = text.TrimEnd('\r', '\n');
        return text.Length == 0
            ? Refuse(written, path, problems, $"the file {Shown.Text(name)} is empty", "put the secret in it")
            : new SecretSetting(SecretOrigin.File, written.Text, new Secret(text));
    }

    private static SecretSetting? Refuse(YamlScalar written, SettingPath path, ProblemList problems, string what, string remedy)
    {
        problems.Error(written.At, path, what, remedy);
        return null;
    }
}

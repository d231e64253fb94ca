using System.Buffers;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>Names that the operator chooses. They become labels of metrics, columns of reports and parts of URLs.</summary>
internal static class NameRule
{
    private const int Longest = 128;

    private static readonly SearchValues<char> Simple =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    private static readonly SearchValues<char> WithSeparators =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:@+");

    /// <summary>Of providers, tenants, projects and keys.</summary>
    public static void CheckSimple(string name, SettingPath path, ReadContext context) =>
        Check(name, Simple, "letters, digits, '.', '_' and '-'", path, context);

    /// <summary>Of models: deployments and routes.</summary>
    public static void CheckModel(string name, SettingPath path, ReadContext context) =>
        Check(name, WithSeparators, "letters, digits, '.', '_', '-', '/', ':', '@' and '+'", path, context);

    private static void Check(string name, SearchValues<char> allowed, string spelled, SettingPath path, ReadContext context)
    {
        if (name.Length > Longest || name.AsSpan().ContainsAnyExcept(allowed))
        {
            context.ErrorAtName(path, $"the name {Shown.Text(name)} cannot be used", $"write at most {Longest} of {spelled}");
        }
    }
}

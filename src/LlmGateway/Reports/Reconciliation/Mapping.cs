using System.Text.RegularExpressions;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>A mapping file that has been read and checked.</summary>
internal sealed record Mapping(MappingConfig Config, Regex? Pattern)
{
    private static readonly TimeSpan PatternPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>Reads one.</summary>
    /// <exception cref="ReconciliationException">It cannot be read; every mistake is named with its place.</exception>
    public static Mapping Read(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ReconciliationException($"{path} cannot be read: {error.Message}");
        }

        var problems = new ProblemList();
        var context = new ReadContext(problems, new SecretSource(static _ => null, new FileLog()));
        var file = new ConfigFile(path, Path.GetFileName(path));
        if (YamlReader.Read(text, file, problems) is { } written && RecordType<MappingConfig>.Instance.Read(written, SettingPath.Root, context) is MappingConfig config && !problems.HasErrors)
        {
            return new Mapping(config, PatternOf(config, path));
        }

        throw new ReconciliationException(string.Join(Environment.NewLine, problems.Sorted));
    }

    private static Regex? PatternOf(MappingConfig config, string path)
    {
        if (config.ModelPattern is not { } pattern)
        {
            return null;
        }

        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, PatternPatience);
        }
        catch (ArgumentException error)
        {
            throw new ReconciliationException($"{path}: model_pattern: {error.Message}");
        }
    }
}

/// <summary>A reconciliation that cannot be made; the message says what to mend.</summary>
internal sealed class ReconciliationException(string message) : Exception(message);

namespace LlmGateway.Configuration.Yaml;

/// <summary>Gathers every problem of one reading, so that all can be mended at once.</summary>
internal sealed class ProblemList
{
    private readonly HashSet<ConfigProblem> _seen = [];
    private readonly Dictionary<string, int> _fileOrder = [];

    public bool HasErrors { get; private set; }

    /// <summary>A part of the configuration is unknown, so a name that nothing here has may still be there.</summary>
    public bool PartIsUnreadable { get; private set; }

    /// <summary>In the order of the files, and then of the text.</summary>
    public IReadOnlyList<ConfigProblem> Sorted =>
        [.. _seen.OrderBy(problem => _fileOrder[problem.File]).ThenBy(problem => problem.Line).ThenBy(problem => problem.Column)];

    public void Error(Position at, SettingPath setting, string what, string remedy) => Add(at, setting, what, remedy, Severity.Error);

    /// <summary>An error that hides what else the file says.</summary>
    public void Unreadable(Position at, SettingPath setting, string what, string remedy)
    {
        PartIsUnreadable = true;
        Error(at, setting, what, remedy);
    }

    public void Warning(Position at, SettingPath setting, string what, string remedy) => Add(at, setting, what, remedy, Severity.Warning);

    private void Add(Position at, SettingPath setting, string what, string remedy, Severity severity)
    {
        _fileOrder.TryAdd(at.File.Shown, _fileOrder.Count);
        _seen.Add(new ConfigProblem(at.File.Shown, at.Line, at.Column, setting.ToString(), what, remedy, severity));
        HasErrors |= severity == Severity.Error;
    }
}

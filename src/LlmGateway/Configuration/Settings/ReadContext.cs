using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>What one reading of the configuration shares: problems found, where each setting stands, and where secrets come from.</summary>
internal sealed class ReadContext(ProblemList problems, SecretSource secrets)
{
    private readonly Dictionary<SettingPath, (Position Name, Position Value)> _places = [];

    public ProblemList Problems { get; } = problems;

    public SecretSource Secrets { get; } = secrets;

    public void Place(SettingPath path, Position name, Position value) => _places[path] = (name, value);

    public bool IsWritten(SettingPath path) => _places.ContainsKey(path);

    /// <summary>Where the name of a setting stands.</summary>
    public Position NameAt(SettingPath path) => _places[path].Name;

    /// <summary>Where the value of a setting stands.</summary>
    public Position ValueAt(SettingPath path) => _places[path].Value;

    /// <summary>A problem with the value of a setting.</summary>
    public void Error(SettingPath path, string what, string remedy) => Problems.Error(ValueAt(path), path, what, remedy);

    /// <summary>A problem with the name of a setting, or with the whole of what it names.</summary>
    public void ErrorAtName(SettingPath path, string what, string remedy) => Problems.Error(NameAt(path), path, what, remedy);

    /// <summary>A name that nothing has; held back while a part cannot be read, since one slip of the pen would bring dozens.</summary>
    public void Dangling(Position at, SettingPath path, string what, string remedy)
    {
        if (!Problems.PartIsUnreadable)
        {
            Problems.Error(at, path, what, remedy);
        }
    }
}

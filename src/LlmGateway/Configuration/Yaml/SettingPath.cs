namespace LlmGateway.Configuration.Yaml;

/// <summary>
/// The path of a setting. Names may hold dots (<c>gpt-4.1</c>), so the parts are kept apart by a character that no YAML text may hold.
/// </summary>
internal readonly record struct SettingPath(string Key)
{
    private const char Separator = '\u001f';

    public static readonly SettingPath Root = new("");

    public SettingPath Then(string name) => new(Key.Length == 0 ? name : Key + Separator + name);

    public SettingPath At(int index) => new($"{Key}[{index}]");

    /// <summary>As people read it: <c>routes.chat.deployments[0].name</c>.</summary>
    public override string ToString() => Key.Replace(Separator, '.');
}

using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

/// <summary>A configuration folder on disk, of its own for each test.</summary>
internal sealed class ConfigFolder : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("llmgateway-").FullName;

    public ConfigFolder(params (string Name, string Text)[] files)
    {
        Directory.CreateDirectory(Folder);
        foreach (var (name, text) in files)
        {
            Write(name, text);
        }
    }

    public string Folder => Path.Combine(_parent, "config");

    public string Root => PathOf("gateway.yaml");

    public Dictionary<string, string> Environment { get; } = [];

    public GatewayPaths Paths => new(Root, null, []);

    public ConfigurationLoader Loader => new(Paths, TimeProvider.System) { Environment = Environment.GetValueOrDefault };

    public string PathOf(string name) => Path.Combine(Folder, name);

    public void Write(string name, string text) => File.WriteAllText(PathOf(name), text);

    public ConfigResult Load() => Loader.Load();

    public void Dispose() => Directory.Delete(_parent, recursive: true);
}

namespace LlmGateway.FunctionalTests.Processes;

/// <summary>A folder with a copy of the shipped <c>config/</c>, as after a fresh clone.</summary>
internal sealed class Checkout : IDisposable
{
    public Checkout()
    {
        foreach (var file in Directory.EnumerateFiles(Shipped))
        {
            Directory.CreateDirectory(InFolder("config"));
            File.Copy(file, InFolder("config", Path.GetFileName(file)));
        }
    }

    /// <summary>The configuration that travels with the binary.</summary>
    public static string Shipped => Path.Combine(AppContext.BaseDirectory, "config");

    public string Root { get; } = Directory.CreateTempSubdirectory("llmgateway-").FullName;

    public string InFolder(params string[] path) => Path.Combine([Root, .. path]);

    public void Dispose() => Directory.Delete(Root, recursive: true);
}

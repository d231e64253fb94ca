namespace LlmGateway.LoadTests.Processes;

/// <summary>Something that answers chat requests.</summary>
/// <param name="Name"><c>direct</c> (the simulator itself), <c>forwarder</c> or <c>gateway</c>.</param>
/// <param name="Url">Its base address, without <c>/v1</c>.</param>
/// <param name="Key">What it wants as bearer.</param>
/// <param name="Model">The model name it knows.</param>
/// <param name="Sampler">Its process; null where the driver cannot see it.</param>
internal sealed record Target(string Name, Uri Url, string Key, string Model, ProcessSampler? Sampler)
{
    public const string Direct = "direct";
    public const string Forwarder = "forwarder";
    public const string Gateway = "gateway";

    public Uri ChatUrl => new($"{Url.AbsoluteUri.TrimEnd('/')}/v1/chat/completions");
}

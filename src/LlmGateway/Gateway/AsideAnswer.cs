namespace LlmGateway.Gateway;

/// <summary>What came of a call that no client asked for.</summary>
/// <param name="Body">The whole answer of the provider; empty where there is none.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="Why">The same in a sentence for the log: no text of a prompt, and no secret. Null where there is an answer.</param>
internal readonly record struct AsideAnswer(ReadOnlyMemory<byte> Body, AsideFault Fault, string? Why)
{
    public static AsideAnswer Of(ReadOnlyMemory<byte> body) => new(body, AsideFault.None, null);

    public static AsideAnswer Without(AsideFault fault, string why) => new(default, fault, why);
}

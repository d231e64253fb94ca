namespace LlmGateway.Reports.Focus;

/// <summary>What the configuration says of a provider beyond its name, which is all that the ledger has.</summary>
/// <param name="Publisher">Who makes what it sells.</param>
internal sealed record FocusProvider(string? Publisher, string? Region);

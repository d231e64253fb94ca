using System.Runtime.CompilerServices;
using LlmGateway.Catalog;

namespace LlmGateway.Health;

/// <summary>What is known of a provider's credentials; shared by its deployments.</summary>
internal sealed class ProviderState(string name)
{
    private readonly ConditionalWeakTable<Provider, CredentialState[]> _credentials = [];

    public string Name { get; } = name;

    /// <summary>The states of the credentials of that provider, in their order; empty where it needs none.</summary>
    public IReadOnlyList<CredentialState> CredentialsOf(Provider provider) =>
        _credentials.GetValue(provider, static of => [.. of.Credentials.Select(credential => new CredentialState(credential))]);
}

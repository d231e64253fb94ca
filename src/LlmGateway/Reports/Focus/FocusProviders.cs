using LlmGateway.Configuration;

namespace LlmGateway.Reports.Focus;

/// <summary>What a configuration says of its providers. Those that are no longer in it are known by name alone.</summary>
internal static class FocusProviders
{
    public static IReadOnlyDictionary<string, FocusProvider> Of(Snapshot snapshot) =>
        snapshot.Providers.Values.ToDictionary(static provider => provider.Name, static provider => new FocusProvider(provider.Profile, provider.Region));
}

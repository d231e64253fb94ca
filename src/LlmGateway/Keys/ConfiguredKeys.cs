using LlmGateway.Catalog;

namespace LlmGateway.Keys;

/// <summary>Keys written in the configuration, seen as virtual keys.</summary>
internal static class ConfiguredKeys
{
    public static VirtualKey ToVirtualKey(this ConfiguredKey key) => new()
    {
        Id = key.Id,
        Name = key.Name,
        Tenant = key.Tenant,
        Project = key.Project,
        Routes = key.Routes,
        Tags = key.Tags,
        ExpiresAt = key.ExpiresAt,
        Enabled = key.Enabled,
    };
}

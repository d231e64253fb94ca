using LlmGateway.Catalog;

namespace LlmGateway.Configuration.Settings;

/// <summary>Where a secret comes from.</summary>
internal enum SecretOrigin
{
    /// <summary>Written in the configuration itself.</summary>
    Literal,
    Environment,
    File,
}

/// <summary>A secret of the configuration.</summary>
/// <param name="Reference">As written; <c>***</c> for one that stands in the configuration itself.</param>
/// <param name="Value">Empty when the environment variable is not set.</param>
internal sealed record SecretSetting(SecretOrigin Origin, string Reference, Secret Value);

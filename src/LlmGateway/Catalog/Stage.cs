namespace LlmGateway.Catalog;

/// <summary>Where a deployment is in its life. <see cref="Candidate"/> and <see cref="Retired"/> take no traffic.</summary>
internal enum Stage
{
    Candidate,
    Canary,
    Production,
    Deprecated,
    Retired,
}

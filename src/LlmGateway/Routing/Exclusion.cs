namespace LlmGateway.Routing;

/// <summary>Why a deployment is not asked, in the order in which it is looked at.</summary>
internal enum Exclusion : byte
{
    None,

    /// <summary><c>candidate</c> and <c>retired</c> take no traffic; <c>deprecated</c> only what names it.</summary>
    Stage,

    /// <summary>Its provider has no credential, or none that works.</summary>
    Credential,

    /// <summary>It cannot do what the request needs.</summary>
    Capability,

    /// <summary>The tenant's data may not go to its region.</summary>
    Region,

    /// <summary>It lacks a tag that the tenant requires.</summary>
    Tag,

    /// <summary>It has no price in force, and the route refuses that.</summary>
    Unpriced,

    /// <summary>The request is expected to cost more than route or client allow.</summary>
    MaxCost,

    /// <summary>Its weight in the route is 0: it takes only what nobody else could.</summary>
    Weight,

    /// <summary>The request is estimated to be longer than its window.</summary>
    Context,

    /// <summary>The request allows a longer output than it can give.</summary>
    MaxOutput,

    /// <summary>Its breaker is open.</summary>
    Breaker,

    /// <summary>It, or each of its credentials, was asked to rest.</summary>
    Resting,

    /// <summary>Its quota is used up.</summary>
    Quota,
}

using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Keys;

namespace LlmGateway.Gateway;

/// <summary>Finds what a model name means to a key.</summary>
internal interface IRouteFinder
{
    /// <summary>Null where there is no such name, and where the key may not use it: nobody learns which.</summary>
    Route? Find(Snapshot snapshot, VirtualKey key, string name);
}

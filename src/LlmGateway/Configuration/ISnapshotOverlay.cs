using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;

namespace LlmGateway.Configuration;

/// <summary>Where what was made at run time joins what is written.</summary>
internal interface ISnapshotOverlay : ISnapshotSource
{
    /// <summary>The Snapshot of what is written alone.</summary>
    Snapshot Configured { get; }

    /// <summary>What is written, for the rules that something made at run time has to keep too.</summary>
    GatewayConfig Written { get; }

    /// <summary>What was made at run time, as far as it is known.</summary>
    StoredState Stored { get; }

    /// <summary>Puts it in force, as a new version of the Snapshot; and again with every reload, until the next call.</summary>
    void Apply(StoredState stored);
}

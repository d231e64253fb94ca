namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>What has become of an entry, and is to be told where entries are kept beyond the process.</summary>
/// <param name="Entries">Where it is, or was.</param>
internal readonly record struct SemanticChange(SemanticEntries Entries, SemanticEntry Entry, ChangeKind Kind);

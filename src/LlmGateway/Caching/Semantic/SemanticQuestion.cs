using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Text;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Semantic;

/// <summary>A last turn that may be answered by meaning.</summary>
/// <param name="Partition">What it may be compared within.</param>
/// <param name="Ttl">How old an answer may be.</param>
/// <param name="Rates">To compare what answers have cost.</param>
internal sealed record SemanticQuestion(SemanticRoute Route, PartitionKey Partition, TextFacts Facts, SemanticAsker Asker, TimeSpan Ttl, ExchangeRates Rates)
{
    /// <summary>Empty where there is none.</summary>
    public ReadOnlyMemory<float> Vector { get; set; }

    /// <summary>The partition for the operator: whose it is, and what tells it from others of theirs.</summary>
    public string PartitionName => $"{Asker.Tenant}/{Partition.First:x16}";
}

using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>A question with its answer in the data folder, all of it sealed but what tells how long and how well it is kept.</summary>
/// <param name="Worth">What a hit saves, by byte: of too many the least goes first.</param>
/// <param name="Confirmation">Empty where it is not confirmed.</param>
internal readonly record struct KeptRow(
    CacheKey Space, EntryId Id, DateTimeOffset ExpiresAt, double Worth, byte[] Entry, byte[] Answer, byte[] Confirmation)
{
    public long Bytes => Entry.Length + Answer.Length + Confirmation.Length;
}

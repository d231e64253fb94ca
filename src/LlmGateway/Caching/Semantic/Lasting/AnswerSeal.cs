using System.Buffers.Binary;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// Answers for the data folder: sealed, with the number of the last purge of this node that their request knew. Elsewhere that number means nothing, which is
/// why it is not in <see cref="EntryFormat"/>.
/// </summary>
internal sealed class AnswerSeal(EntryCipher cipher, EntryStoreOptions store, LastingOptions options)
{
    public byte[] Seal(CacheKey space, EntryId id, CacheKey key, CacheEntry answer)
    {
        var bytes = EntryFormat.Write(key, answer, options.CompressFrom);
        var text = new byte[sizeof(long) + bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(text, answer.Stamp.Local);
        bytes.CopyTo(text, sizeof(long));
        return cipher.Seal(SealPurpose.Answer, space, id, text);
    }

    /// <summary>Null for what cannot be read.</summary>
    public CacheEntry? Open(CacheKey space, EntryId id, CacheKey key, byte[] sealedAnswer) =>
        cipher.Open(SealPurpose.Answer, space, id, sealedAnswer) is { Length: > sizeof(long) } text &&
        EntryFormat.Read(key, text[sizeof(long)..], store.LargestDocument) is { } answer
            ? answer with { Stamp = answer.Stamp with { Local = BinaryPrimitives.ReadInt64LittleEndian(text) } }
            : null;
}

using System.Buffers;
using System.Runtime.InteropServices;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Entries of meaning as bytes, to be sealed: the text too, since guards read it anew, and everything that tells whose it is.</summary>
internal static class LastingFormat
{
    /// <summary>To be raised with each change of what follows, and of how vectors are encoded.</summary>
    public const byte Version = 1;

    public static byte[] Write(SemanticEntry entry, StoredVector vector, string embedder)
    {
        var output = new ArrayBufferWriter<byte>(512 + vector.Codes.Length + (2 * entry.Text.Length));
        var writer = new EntryWriter(output);
        writer.Byte(Version);
        writer.Text(embedder);
        writer.Text(SemanticOptions.Rules);
        Span<byte> key = stackalloc byte[CacheKey.Length];
        entry.Key.Write(key);
        writer.Bytes(key);
        writer.Bytes(entry.Partition.ToArray());
        writer.Text(entry.Text);
        writer.Long((long)entry.Equality.First);
        writer.Long((long)entry.Equality.Second);
        writer.Text(entry.Writer.Tenant);
        writer.Text(entry.Writer.Project);
        writer.Text(entry.Writer.KeyId);
        writer.Byte(entry.Writer.User is null ? (byte)0 : (byte)1);
        writer.Text(entry.Writer.User ?? "");
        writer.Text(entry.Writer.RequestId);
        writer.Text(entry.Writer.OperationId);
        writer.Text(entry.Writer.Route ?? "");
        writer.Long(entry.ExpiresAt.UtcTicks);
        writer.Long(entry.Saved);
        writer.Int(entry.AnswerBytes);
        writer.Long(BitConverter.SingleToUInt32Bits(vector.Scale));
        writer.Bytes(MemoryMarshal.AsBytes(vector.Sketch.AsSpan()));
        writer.Bytes(MemoryMarshal.AsBytes(vector.Codes.AsSpan()));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Null for what is none of this version, or is not whole.</summary>
    public static LastingEntry? Read(CacheKey space, ReadOnlySpan<byte> bytes)
    {
        var reader = new EntryReader(bytes);
        if (reader.Byte() != Version)
        {
            return null;
        }

        var (embedder, rules) = (reader.Text(), reader.Text());
        var key = reader.Bytes();
        var partition = reader.Bytes();
        var text = reader.Text();
        var equality = new TextKey((ulong)reader.Long(), (ulong)reader.Long());
        var (tenant, project, keyId) = (reader.Text(), reader.Text(), reader.Text());
        var (hasUser, user) = (reader.Byte() == 1, reader.Text());
        var (requestId, operationId, route) = (reader.Text(), reader.Text(), reader.Text());
        var expiresAt = reader.Instant();
        var (saved, answerBytes, scale) = (reader.Long(), reader.Int(), BitConverter.UInt32BitsToSingle((uint)reader.Long()));
        var sketch = reader.Bytes();
        var codes = reader.Bytes();
        if (reader.Failed || reader.Left != 0 || key.Length != CacheKey.Length || partition.Length != PartitionKey.Size ||
            sketch.Length % sizeof(ulong) != 0 || !float.IsFinite(scale))
        {
            return null;
        }

        var entry = new SemanticEntry
        {
            Key = CacheKey.Read(key),
            Partition = PartitionKey.Read(partition),
            Space = space,
            Text = text,
            Equality = rules == SemanticOptions.Rules ? equality : SemanticEntries.EqualityOf(TextFacts.Of(text).Equality),
            Writer = new SemanticAsker(tenant, project, keyId, hasUser ? user : null, requestId, operationId, route.Length == 0 ? null : route),
            ExpiresAt = expiresAt,
            Saved = saved,
            AnswerBytes = answerBytes,
        };
        return new LastingEntry(entry, new StoredVector(MemoryMarshal.Cast<byte, ulong>(sketch).ToArray(), MemoryMarshal.Cast<byte, sbyte>(codes).ToArray(), scale), embedder);
    }
}

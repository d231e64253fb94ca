using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using LlmGateway.Catalog;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// Entries as bytes. Byte 0 is the version, byte 1 says whether the document is compressed, then a hash over the key and all that follows: what was cut,
/// altered, or put under another key is refused, and so is any other version. It guards against faults, not against who may write to Redis.
/// </summary>
internal static class EntryFormat
{
    /// <summary>To be raised with each change of what follows: nodes of two versions then do not read one another's entries.</summary>
    public const byte Version = 1;

    public const int HeaderLength = 2 + sizeof(ulong);

    /// <summary>Brotli's fastest: on text of models it halves the bytes at some 200 MB/s, and the more thorough ones gain little.</summary>
    private const int BrotliQuality = 1;

    private const int BrotliWindow = 22;

    public static byte[] Write(CacheKey key, CacheEntry entry, int compressFrom)
    {
        var output = new ArrayBufferWriter<byte>(entry.Document.Length + 512);
        output.Advance(HeaderLength);
        var writer = new EntryWriter(output);
        writer.Long((long)entry.Stamp.Era);
        writer.Long(entry.Stamp.Shared);
        writer.Long(entry.StoredAt.UtcTicks);
        writer.Long(entry.ExpiresAt.UtcTicks);
        writer.Long(entry.StaleUntil?.UtcTicks ?? 0);
        writer.Long(entry.Took.Ticks);
        writer.Long(entry.InputTokens);
        writer.Long(entry.OutputTokens);
        writer.Byte(entry.Kind);
        writer.Text(entry.Cost?.Currency.Code ?? "");
        writer.Amount(entry.Cost?.Amount ?? 0);
        writer.Text(entry.Tenant);
        writer.Text(entry.Project);
        writer.Text(entry.KeyId);
        writer.Text(entry.Route);
        writer.Text(entry.Deployment);
        writer.Text(entry.ModelAnswered);
        writer.Text(entry.RequestId);
        writer.Int(entry.Tags.Length);
        foreach (var tag in entry.Tags)
        {
            writer.Text(tag);
        }

        writer.Int(entry.Document.Length);
        var compressed = entry.Document.Length >= compressFrom && TryCompress(entry.Document.Span, output);
        if (!compressed)
        {
            output.Write(entry.Document.Span);
        }

        var bytes = output.WrittenSpan.ToArray();
        bytes[0] = Version;
        bytes[1] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(2), Hash(key, bytes));
        return bytes;
    }

    /// <summary>The entry, or null for what is not one of this version, whole, and of this key.</summary>
    /// <param name="bytes">Belong to the entry afterwards.</param>
    public static CacheEntry? Read(CacheKey key, byte[] bytes, int largestDocument)
    {
        if (bytes.Length < HeaderLength || bytes[0] != Version || bytes[1] > 1 ||
            BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(2)) != Hash(key, bytes))
        {
            return null;
        }

        var reader = new EntryReader(bytes.AsSpan(HeaderLength));
        var stamp = new PurgeStamp((ulong)reader.Long(), reader.Long(), PurgeStamp.Elsewhere);
        var (storedAt, expiresAt, staleUntil) = (reader.Instant(), reader.Instant(), reader.Instant());
        var took = new TimeSpan(reader.Long());
        var (inputTokens, outputTokens, kind) = (reader.Long(), reader.Long(), reader.Byte());
        var (currency, amount) = (reader.Text(), reader.Amount());
        var (tenant, project, keyId, route) = (reader.Text(), reader.Text(), reader.Text(), reader.Text());
        var (deployment, model, requestId) = (reader.Text(), reader.Text(), reader.Text());
        var tags = reader.Texts();
        var length = reader.Int();
        if (reader.Failed || length > largestDocument || Document(bytes, bytes.Length - reader.Left, length) is not { } document)
        {
            return null;
        }

        return new CacheEntry
        {
            Document = document,
            Tenant = tenant,
            Project = project,
            KeyId = keyId,
            Route = route,
            Deployment = deployment,
            ModelAnswered = model,
            Tags = tags,
            StoredAt = storedAt,
            ExpiresAt = expiresAt,
            StaleUntil = staleUntil.Ticks == 0 ? null : staleUntil,
            Cost = currency.Length == 0 ? null : new Money(amount, new Currency(currency)),
            Took = took,
            InputTokens = inputTokens,
            OutputTokens = outputTokens,
            Kind = kind,
            RequestId = requestId,
            Stamp = stamp,
        };
    }

    private static bool TryCompress(ReadOnlySpan<byte> document, ArrayBufferWriter<byte> output)
    {
        // What does not become smaller is not worth the work of reading it.
        var place = output.GetSpan(document.Length);
        if (!BrotliEncoder.TryCompress(document, place[..(document.Length - 1)], out var written, BrotliQuality, BrotliWindow))
        {
            return false;
        }

        output.Advance(written);
        return true;
    }

    private static ReadOnlyMemory<byte>? Document(byte[] bytes, int start, int length)
    {
        if (bytes[1] == 0)
        {
            return bytes.Length - start == length ? bytes.AsMemory(start) : null;
        }

        var document = new byte[length];
        return BrotliDecoder.TryDecompress(bytes.AsSpan(start), document, out var written) && written == length ? document : null;
    }

    private static ulong Hash(CacheKey key, byte[] bytes)
    {
        Span<byte> named = stackalloc byte[CacheKey.Length + 2];
        key.Write(named);
        named[^2] = bytes[0];
        named[^1] = bytes[1];
        return XxHash3.HashToUInt64(bytes.AsSpan(HeaderLength), (long)XxHash3.HashToUInt64(named));
    }
}

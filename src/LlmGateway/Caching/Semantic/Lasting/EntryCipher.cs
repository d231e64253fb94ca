using System.Security.Cryptography;
using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>
/// Seals what is kept of questions and answers, with AES-256-GCM: who reads the data folder or Redis without the secret of the cache's keys learns nothing
/// of prompts, and can put nothing in. The key is derived from that secret.
/// </summary>
internal sealed class EntryCipher(CacheSecret secret)
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeadLength = 1 + NonceLength + TagLength;
    private const int ContextLength = 2 + CacheKey.Length + EntryId.Size;

    private Derived? _derived;

    /// <summary>Bytes beside the text.</summary>
    public static int Overhead => HeadLength;

    /// <param name="space">With <paramref name="id"/> and <paramref name="purpose"/> what it belongs to: elsewhere it cannot be opened.</param>
    public byte[] Seal(SealPurpose purpose, CacheKey space, EntryId id, ReadOnlySpan<byte> text)
    {
        var output = new byte[HeadLength + text.Length];
        output[0] = Version;
        var nonce = output.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Span<byte> context = stackalloc byte[ContextLength];
        Describe(purpose, space, id, context);
        using var aes = new AesGcm(Key(), TagLength);
        aes.Encrypt(nonce, text, output.AsSpan(HeadLength), output.AsSpan(1 + NonceLength, TagLength), context);
        return output;
    }

    /// <summary>Null for what was sealed with another secret or for something else, and for what was altered.</summary>
    public byte[]? Open(SealPurpose purpose, CacheKey space, EntryId id, ReadOnlySpan<byte> sealed_)
    {
        if (sealed_.Length < HeadLength || sealed_[0] != Version)
        {
            return null;
        }

        var text = new byte[sealed_.Length - HeadLength];
        Span<byte> context = stackalloc byte[ContextLength];
        Describe(purpose, space, id, context);
        using var aes = new AesGcm(Key(), TagLength);
        try
        {
            aes.Decrypt(sealed_.Slice(1, NonceLength), sealed_[HeadLength..], sealed_.Slice(1 + NonceLength, TagLength), text, context);
            return text;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    private static void Describe(SealPurpose purpose, CacheKey space, EntryId id, Span<byte> context)
    {
        context[0] = Version;
        context[1] = (byte)purpose;
        space.Write(context[2..]);
        id.Write(context[(2 + CacheKey.Length)..]);
    }

    private byte[] Key()
    {
        var current = secret.Current;
        var derived = Volatile.Read(ref _derived);
        if (derived is null || !derived.Secret.Equals(current))
        {
            derived = new Derived(current, HKDF.DeriveKey(HashAlgorithmName.SHA256, current.ToArray(), 32, info: "llmgateway: what is kept of meaning, 1"u8.ToArray()));
            Volatile.Write(ref _derived, derived);
        }

        return derived.Key;
    }

    private sealed record Derived(ReadOnlyMemory<byte> Secret, byte[] Key);
}

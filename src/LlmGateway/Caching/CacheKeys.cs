using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Caching;

/// <summary>
/// Derives what an answer is kept under: who may share it, the route with its generation and the models behind it, what else of the request can change
/// the answer, and the request itself in canonical form. Each part has its length before it, so that no two lists of parts read alike.
/// </summary>
internal sealed class CacheKeys(CacheSecret secret)
{
    /// <summary>Changes with the form of what is kept, and with what counts into keys.</summary>
    private const byte Version = 1;

    /// <summary>In the place of <see cref="Version"/>, so that no hash of an index is one of a request.</summary>
    private const byte IndexVersion = 0x81;

    private readonly ConditionalWeakTable<Route, byte[]> _routes = [];
    private readonly ConcurrentBag<Hasher> _hashers = [];

    /// <summary>The key of the whole request.</summary>
    public CacheKey Of(Exchange exchange, Route route, CanonicalRequest canonical)
    {
        using var hasher = Begin(exchange, route);
        canonical.AppendTo(hasher.Hash);
        return hasher.Finish();
    }

    /// <summary>The key of one input of an embeddings request.</summary>
    public CacheKey OfInput(Exchange exchange, Route route, CanonicalRequest canonical, int index)
    {
        using var hasher = Begin(exchange, route);
        canonical.AppendSurroundingsTo(hasher.Hash);
        hasher.Hash.AppendData(canonical.Input(index));
        return hasher.Finish();
    }

    /// <summary>
    /// What two requests must share before their last turns may be compared: all that counts into the key of either but that turn, and who makes vectors
    /// of them.
    /// </summary>
    public CacheKey OfSurroundings(Exchange exchange, Route route, CanonicalRequest canonical, string embedder)
    {
        using var hasher = Begin(exchange, route);
        hasher.Add(embedder);
        canonical.AppendSurroundingsTo(hasher.Hash);
        return hasher.Finish();
    }

    /// <summary>What indexes of meaning must share to exchange entries: the route with its generation and models, and who makes the vectors.</summary>
    public CacheKey OfIndex(Route route, string embedder, int dimensions)
    {
        using var hasher = Take();
        hasher.Add(IndexVersion);
        hasher.Hash.AppendData(_routes.GetValue(route, static of => Describe(of)));
        hasher.Add(embedder);
        hasher.Add(dimensions.ToString(CultureInfo.InvariantCulture));
        return hasher.Finish();
    }

    private Hasher Take()
    {
        var current = secret.Current;
        if (!_hashers.TryTake(out var hasher) || !hasher.Secret.Equals(current))
        {
            hasher?.Hash.Dispose();
            hasher = new Hasher(this, current);
        }

        return hasher;
    }

    private Hasher Begin(Exchange exchange, Route route)
    {
        var hasher = Take();
        var key = exchange.Key!;
        hasher.Add(Version);
        hasher.Add((byte)exchange.Endpoint);
        hasher.Add(key.Tenant);
        hasher.Add(route.Cache.Rules.Scope switch
        {
            CacheScope.Project => "p:" + key.Project,
            CacheScope.Key => "k:" + key.Id,
            _ => "",
        });
        hasher.Hash.AppendData(_routes.GetValue(route, static of => Describe(of)));
        hasher.Add(exchange.Http.Request.Headers["openai-beta"].ToString());
        Add(hasher, exchange.Snapshot.Tenants.TryGetValue(key.Tenant, out var tenant) ? tenant.Require : null);
        return hasher;
    }

    /// <summary>What the tenant wants of who answers: an answer from before it wanted that is none for it.</summary>
    private static void Add(Hasher hasher, Requirements? require)
    {
        hasher.Add(require?.Region ?? "");
        foreach (var (name, value) in (require?.Tags ?? Requirements.None.Tags).OrderBy(static tag => tag.Key, StringComparer.Ordinal))
        {
            hasher.Add(name);
            hasher.Add(value);
        }

        hasher.Add((byte)0xFF);
    }

    /// <summary>The route, its generation, what it keeps, and every model that may answer for it, in any order.</summary>
    private static byte[] Describe(Route route)
    {
        var text = new StringBuilder().Append(route.Name).Append('\n').Append(route.Cache.Generation).Append('\n')
            .Append(route.Cache.Rules.Tools).Append('\n').Append(route.Cache.Rules.Length).Append('\n');
        foreach (var model in route.Targets
            .Select(static target => $"{target.Deployment.Provider.Name}\n{target.Deployment.Provider.BaseUrl}\n{target.Deployment.Model}\n")
            .Order(StringComparer.Ordinal))
        {
            text.Append(model);
        }

        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>A keyed hash that is used again and again: its making costs more than its use.</summary>
    private sealed class Hasher(CacheKeys owner, ReadOnlyMemory<byte> secret) : IDisposable
    {
        private bool _finished;

        public ReadOnlyMemory<byte> Secret { get; } = secret;

        public IncrementalHash Hash { get; } = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret.Span);

        public void Add(byte value) => Hash.AppendData([value]);

        public void Add(string text)
        {
            Span<byte> room = stackalloc byte[256];
            var length = Encoding.UTF8.GetByteCount(text);
            var bytes = length <= room.Length - sizeof(int) ? room : new byte[length + sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
            Encoding.UTF8.GetBytes(text, bytes[sizeof(int)..]);
            Hash.AppendData(bytes[..(sizeof(int) + length)]);
        }

        public CacheKey Finish()
        {
            Span<byte> hash = stackalloc byte[CacheKey.Length];
            Hash.GetHashAndReset(hash);
            _finished = true;
            return CacheKey.Read(hash);
        }

        /// <summary>Goes back to the others, unless something is in it still.</summary>
        public void Dispose()
        {
            if (_finished)
            {
                _finished = false;
                owner._hashers.Add(this);
            }
            else
            {
                Hash.Dispose();
            }
        }
    }
}

using System.Security.Cryptography;
using LlmGateway.Catalog;
using StackExchange.Redis;

namespace LlmGateway.Caching.Entries;

/// <summary>
/// The secret that keys are hashed with: the configured one, else with Redis the one that the nodes agree on there, else one in the data folder. It may
/// change once, when Redis is first there after the start; what was kept under another is not found then.
/// </summary>
internal sealed class CacheSecret
{
    private const string FileName = "cache.key";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly bool _configured;
    private volatile byte[] _current;

    private CacheSecret(byte[] current, bool configured) => (_current, _configured) = (current, configured);

    /// <summary>A request reads it once.</summary>
    public ReadOnlyMemory<byte> Current => _current;

    /// <summary>What to agree on where Redis has none yet. Nothing where it is configured: it is none of Redis' business then.</summary>
    public RedisValue Proposal => _configured ? RedisValue.EmptyString : _current;

    public static CacheSecret Of(byte[] configured) => new(configured, configured: true);

    /// <summary>The one in the folder, which is made when there is none. Where it can be neither read nor kept, it lives as long as the process.</summary>
    public static CacheSecret Load(string folder, ILogger<CacheSecret> logger)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            return new CacheSecret(File.Exists(path) ? Read(path) : Create(path), configured: false);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or FormatException)
        {
            logger.SecretNotKept(failure, path);
            return new CacheSecret(New(), configured: false);
        }
    }

    /// <summary>Loads it, unless it is configured.</summary>
    public static CacheSecret For(Secret? configured, string folder, ILogger<CacheSecret> logger) =>
        configured is { IsEmpty: false } ? Of(System.Text.Encoding.UTF8.GetBytes(configured.Reveal())) : Load(folder, logger);

    /// <summary>The nodes have agreed on it.</summary>
    public void Agree(byte[] secret)
    {
        if (!_configured && secret.Length > 0 && !secret.AsSpan().SequenceEqual(_current))
        {
            _current = secret;
        }
    }

    private static byte[] New() => RandomNumberGenerator.GetBytes(CacheKey.Length);

    private static byte[] Read(string path)
    {
        var secret = Convert.FromHexString(File.ReadAllText(path).Trim());
        return secret.Length == CacheKey.Length ? secret : throw new FormatException($"{path} has {secret.Length} bytes");
    }

    private static byte[] Create(string path)
    {
        var secret = New();
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        // The folder is held by this process, so nobody else makes it; but it must be whole or not there if the process ends now.
        var draft = $"{path}.draft";
        File.Delete(draft);
        using (var writer = new StreamWriter(new FileStream(draft, options)))
        {
            writer.Write($"{Convert.ToHexStringLower(secret)}\n");
        }

        File.Move(draft, path);
        return secret;
    }
}

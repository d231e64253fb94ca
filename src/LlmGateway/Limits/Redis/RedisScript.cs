using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Limits.Redis;

/// <summary>A Lua script, which Redis knows by the hash of its text. What it works on carries <see cref="RedisNames.Version"/>.</summary>
internal sealed class RedisScript
{
    public static readonly RedisScript Reserve = new("reserve");
    public static readonly RedisScript Settle = new("settle");
    public static readonly RedisScript Renew = new("renew");
    public static readonly RedisScript Expired = new("expired");
    public static readonly RedisScript Init = new("init");
    public static readonly RedisScript Book = new("book");
    public static readonly RedisScript Read = new("read");
    public static readonly RedisScript Heartbeat = new("heartbeat");

    private RedisScript(string name)
    {
        Name = name;
        Text = Load("common") + Load(name);

        // Redis names scripts by it; it protects nothing.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(Text));
    }

    public string Name { get; }

    public string Text { get; }

    public byte[] Hash { get; }

    private static string Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"LlmGateway.Limits.Redis.Scripts.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

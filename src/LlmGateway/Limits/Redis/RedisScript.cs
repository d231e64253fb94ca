using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Limits.Redis;

/// <summary>A Lua script, which Redis knows by the hash of its text. What it works on carries <see cref="RedisNames.Version"/>.</summary>
internal sealed class RedisScript
{
    /// <summary>Takes several calls in one, as <see cref="ScriptCall"/> writes them.</summary>
    public static readonly RedisScript Reserve = new("reserve", many: true);

    /// <summary>The same.</summary>
    public static readonly RedisScript Settle = new("settle", many: true);
    public static readonly RedisScript Renew = new("renew");
    public static readonly RedisScript Expired = new("expired");
    public static readonly RedisScript Init = new("init");
    public static readonly RedisScript Book = new("book");
    public static readonly RedisScript Told = new("told");
    public static readonly RedisScript Raise = new("raise");
    public static readonly RedisScript Read = new("read");
    public static readonly RedisScript Heartbeat = new("heartbeat");

    private RedisScript(string name, bool many = false)
    {
        Name = name;
        Text = Load("common") + (many ? $"local function one(KEYS, ARGV)\n{Load(name)}\nend\n{Load("many")}" : Load(name));

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

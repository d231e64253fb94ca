using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using LlmGateway.Gateway;
using LlmGateway.Requests;

namespace LlmGateway.Routing.Prefixes;

/// <summary>A beginning of a chat up to the end of one of its messages, as a prompt cache would hold it.</summary>
/// <param name="Hash">Of the tenant, the tools and the messages. Tenants never share one.</param>
/// <param name="Tokens">Estimated as the input of the request is.</param>
internal readonly record struct Prefix(ulong Hash, int Tokens)
{
    /// <summary>
    /// What is shorter is not cached: OpenAI's prompt caching begins with 1,024 tokens (developers.openai.com, "Prompt caching"), and Azure's,
    /// Anthropic's larger models' and most others' do too.
    /// </summary>
    public const int LeastTokens = 1024;

    // Keyed, so that nobody outside can make two prompts look alike.
    private static readonly long Key = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));

    // Streaming, since each prefix begins with the one before: the body is hashed once. Instances hold half a kilobyte and are used again.
    [ThreadStatic]
    private static XxHash3? Hasher;

    /// <summary>Writes the prefixes of a request that are long enough, the shortest first, and says how many.</summary>
    /// <param name="prefixes">Room for <see cref="MessageEnd.Most"/>.</param>
    public static int Read(Exchange exchange, Span<Prefix> prefixes)
    {
        var request = exchange.Request!;
        var marks = request.Marks;
        var ends = marks.MessageEnds.Span;
        var first = 0;
        while (first < ends.Length && TokensAt(marks, ends[first]) < LeastTokens)
        {
            first++;
        }

        if (first == ends.Length)
        {
            return 0;
        }

        var body = request.Body.Span;
        var hasher = Hasher ??= new XxHash3(Key);
        Begin(hasher, exchange.Key!.Tenant, body.Slice(marks.Tools.Start, marks.Tools.Length));
        var at = marks.MessagesStart;
        for (var i = first; i < ends.Length; i++)
        {
            hasher.Append(body[at..ends[i].At]);
            at = ends[i].At;
            prefixes[i - first] = new Prefix(hasher.GetCurrentHashAsUInt64(), (int)TokensAt(marks, ends[i]));
        }

        return ends.Length - first;
    }

    private static long TokensAt(BodyMarks marks, in MessageEnd end) => (long)end.Tokens + marks.ToolTokens;

    private static void Begin(XxHash3 hasher, string tenant, ReadOnlySpan<byte> tools)
    {
        // With their lengths, so that no end of the one can pass for a beginning of the next.
        Span<int> lengths = [tenant.Length, tools.Length];
        hasher.Reset();
        hasher.Append(MemoryMarshal.AsBytes(lengths));
        hasher.Append(MemoryMarshal.AsBytes(tenant.AsSpan()));
        hasher.Append(tools);
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Text;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// One call of a script that takes several at once: its keys, and its arguments as one value. Each value that is sent costs about as much as a
/// number that is written, and a reservation has fifty of them.
/// </summary>
/// <param name="Keys">All that it works on.</param>
/// <param name="Arguments">Each with a separator behind.</param>
internal readonly record struct ScriptCall(RedisKey[] Keys, byte[] Arguments)
{
    /// <summary>Several calls of one tenant as the script wants them.</summary>
    public static (RedisKey[] Keys, RedisValue[] Arguments) Combine(ReadOnlySpan<ScriptCall> calls)
    {
        var count = 0;
        foreach (ref readonly var call in calls)
        {
            count += call.Keys.Length;
        }

        var keys = calls.Length == 1 ? calls[0].Keys : new RedisKey[count];
        var arguments = new RedisValue[calls.Length * 2];
        var at = 0;
        for (var i = 0; i < calls.Length; i++)
        {
            if (calls.Length > 1)
            {
                calls[i].Keys.CopyTo(keys, at);
                at += calls[i].Keys.Length;
            }

            arguments[i * 2] = calls[i].Keys.Length;
            arguments[(i * 2) + 1] = calls[i].Arguments;
        }

        return (keys, arguments);
    }
}

/// <summary>Writes the arguments of a call. One a thread, used again: a call is written in one go.</summary>
internal sealed class ArgumentWriter
{
    private const int LongestNumber = 20;

    [ThreadStatic]
    private static ArgumentWriter? _ofThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);

    /// <summary>An empty one.</summary>
    public static ArgumentWriter Begin()
    {
        var writer = _ofThread ??= new ArgumentWriter();
        writer._buffer.ResetWrittenCount();
        return writer;
    }

    public void Add(long number)
    {
        var room = _buffer.GetSpan(LongestNumber + 1);
        Utf8Formatter.TryFormat(number, room, out var written);
        room[written] = (byte)RedisNames.Separator;
        _buffer.Advance(written + 1);
    }

    public void Add(string text)
    {
        Encoding.UTF8.GetBytes(text, _buffer);
        Add();
    }

    /// <summary>An empty one.</summary>
    public void Add()
    {
        _buffer.GetSpan(1)[0] = (byte)RedisNames.Separator;
        _buffer.Advance(1);
    }

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();
}

using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>
/// One call of a script that takes several at once: its keys, and its arguments as one value. Each value that is sent costs about as much as a
/// number that is written, and a reservation has fifty of them.
/// </summary>
/// <param name="Keys">All that it works on.</param>
/// <param name="Arguments">An array of texts, as MessagePack.</param>
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
    // MessagePack: an array whose length has two bytes; texts of up to 31 bytes, of up to 255, of up to 65,535.
    private const byte Array16 = 0xdc;
    private const byte ShortText = 0xa0;
    private const byte Text8 = 0xd9;
    private const byte Text16 = 0xda;
    private const int LongestShort = 31;
    private const int LongestNumber = 20;

    [ThreadStatic]
    private static ArgumentWriter? OfThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private int _count;

    /// <summary>An empty one.</summary>
    public static ArgumentWriter Begin()
    {
        var writer = OfThread ??= new ArgumentWriter();
        writer._buffer.ResetWrittenCount();
        writer._buffer.Advance(sizeof(byte) + sizeof(ushort));
        writer._count = 0;
        return writer;
    }

    /// <summary>As text: a script's numbers are doubles, and exact to 2^53 only.</summary>
    public void Add(long number)
    {
        var room = _buffer.GetSpan(LongestNumber + 1);
        Utf8Formatter.TryFormat(number, room[1..], out var written);
        room[0] = (byte)(ShortText | written);
        _buffer.Advance(written + 1);
        _count++;
    }

    public void Add(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var room = _buffer.GetSpan(length + 3);
        int head;
        switch (length)
        {
            case <= LongestShort:
                room[0] = (byte)(ShortText | length);
                head = 1;
                break;
            case <= byte.MaxValue:
                (room[0], room[1]) = (Text8, (byte)length);
                head = 2;
                break;
            default:
                room[0] = Text16;
                BinaryPrimitives.WriteUInt16BigEndian(room[1..], checked((ushort)length));
                head = 3;
                break;
        }

        Encoding.UTF8.GetBytes(text, room[head..]);
        _buffer.Advance(head + length);
        _count++;
    }

    /// <summary>An empty one.</summary>
    public void Add() => Add("");

    public byte[] ToArray()
    {
        var written = _buffer.WrittenSpan.ToArray();
        written[0] = Array16;
        BinaryPrimitives.WriteUInt16BigEndian(written.AsSpan(1), checked((ushort)_count));
        return written;
    }
}

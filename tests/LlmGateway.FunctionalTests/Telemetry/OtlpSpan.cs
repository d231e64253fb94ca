using System.Buffers.Binary;
using System.Text;

namespace LlmGateway.FunctionalTests.Telemetry;

/// <summary>A span as it came over the wire, read from the protobuf of <c>ExportTraceServiceRequest</c>.</summary>
internal sealed record OtlpSpan
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Bytes = 2;

    public string TraceId { get; private set; } = "";

    public string SpanId { get; private set; } = "";

    public string ParentId { get; private set; } = "";

    public string Name { get; private set; } = "";

    public ulong Start { get; private set; }

    public ulong End { get; private set; }

    /// <summary>2 for an error.</summary>
    public ulong Status { get; private set; }

    public Dictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);

    public static IEnumerable<OtlpSpan> ReadAll(byte[] request)
    {
        foreach (var resource in Fields(request).Where(static field => field.Number == 1))
        {
            foreach (var scope in Fields(resource.Data).Where(static field => field.Number == 2))
            {
                foreach (var span in Fields(scope.Data).Where(static field => field.Number == 2))
                {
                    yield return Read(span.Data);
                }
            }
        }
    }

    private static OtlpSpan Read(byte[] data)
    {
        var span = new OtlpSpan();
        foreach (var field in Fields(data))
        {
            switch (field.Number)
            {
                case 1:
                    span.TraceId = Convert.ToHexStringLower(field.Data);
                    break;
                case 2:
                    span.SpanId = Convert.ToHexStringLower(field.Data);
                    break;
                case 4:
                    span.ParentId = Convert.ToHexStringLower(field.Data);
                    break;
                case 5:
                    span.Name = Encoding.UTF8.GetString(field.Data);
                    break;
                case 7:
                    span.Start = field.Value;
                    break;
                case 8:
                    span.End = field.Value;
                    break;
                case 9:
                    var pair = Fields(field.Data).ToDictionary(static part => part.Number, static part => part.Data);
                    span.Attributes[Encoding.UTF8.GetString(pair[1])] = Value(pair[2]);
                    break;
                case 15:
                    span.Status = Fields(field.Data).FirstOrDefault(static part => part.Number == 3).Value;
                    break;
            }
        }

        return span;
    }

    private static string Value(byte[] data) => Fields(data).Single() switch
    {
        { Number: 1 } text => Encoding.UTF8.GetString(text.Data),
        { Number: 4 } real => BitConverter.UInt64BitsToDouble(real.Value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        var number => number.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static IEnumerable<(int Number, byte[] Data, ulong Value)> Fields(byte[] data)
    {
        var at = 0;
        while (at < data.Length)
        {
            var tag = ReadVarint(data, ref at);
            var (number, kind) = ((int)(tag >> 3), (int)(tag & 7));
            switch (kind)
            {
                case Varint:
                    yield return (number, [], ReadVarint(data, ref at));
                    break;
                case Fixed64:
                    yield return (number, [], BinaryPrimitives.ReadUInt64LittleEndian(data.AsSpan(at, 8)));
                    at += 8;
                    break;
                case Bytes:
                    var length = (int)ReadVarint(data, ref at);
                    yield return (number, data[at..(at + length)], 0);
                    at += length;
                    break;
                default:
                    at += 4;
                    break;
            }
        }
    }

    private static ulong ReadVarint(byte[] data, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = data[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}

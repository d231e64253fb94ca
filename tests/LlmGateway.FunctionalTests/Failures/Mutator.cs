using System.Text;

namespace LlmGateway.FunctionalTests.Failures;

/// <summary>Spoils bytes at random: what was drawn is the same for the same seed.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\\u0000", "\\ud800", "\\\"", "null", "true", "-1", "1e999", "99999999999999999999", "0.1",
            "\r\n", "\n", "\r", "\n\n", "\0", " ", "\t", "data: ", "data:", ": ", "event: error\n", "id: 1\n", "retry: 1\n", "[DONE]", "data: [DONE]\n\n",
            "\"model\":\"chat\",", "\"model\":7,", "\"MODEL\":\"chat\",", "\"stream\":true,", "\"stream\":null,", "\"n\":9,", "\"usage\":null,",
            "\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":99999999999999999999},", "\"error\":{\"message\":\"no\"},", "\"choices\":[],",
            "\"finish_reason\":\"weird\"", "\"stream_options\":{\"include_usage\":false},", "\"metadata\":{\"a\":1},", "\"fallbacks\":[1],", "// x\n", "é", "漢字", "😀",
        }.Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF], [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0x80],
    ];

    private readonly Random _random = new(seed);

    public int Next(int below) => _random.Next(below);

    /// <summary>One to four changes.</summary>
    public byte[] Mutate(byte[] valid)
    {
        var bytes = valid.ToList();
        for (var changes = _random.Next(1, 5); changes > 0; changes--)
        {
            Change(bytes);
        }

        return [.. bytes];
    }

    private void Change(List<byte> bytes)
    {
        var at = _random.Next(bytes.Count + 1);
        var length = Math.Min(bytes.Count - at, _random.Next(1, 40));
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, length));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Enumerable.Repeat((byte)"[{\""[_random.Next(3)], _random.Next(1, 200)));
                break;
            default:
                bytes.InsertRange(at, Pieces[_random.Next(Pieces.Length)]);
                break;
        }
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>Says where a body stops being JSON, in words that a caller can act on.</summary>
internal static class JsonFault
{
    public static GatewayError Describe(JsonException exception, ReadOnlySpan<byte> body, int depth)
    {
        var at = LineStart(body, exception.LineNumber ?? 0) + (int)(exception.BytePositionInLine ?? 0);
        if (at >= body.Length)
        {
            return RequestErrors.InvalidJson($"it ends too early, {Position(body, body.Length)}");
        }

        var what = body[at];
        if (what is (byte)'{' or (byte)'[' && depth >= RequestReader.MaxDepth - 1)
        {
            return RequestErrors.InvalidJson($"it is nested deeper than {RequestReader.MaxDepth} levels, {Position(body, at)}");
        }

        var shown = what is > 0x20 and < 0x7F ? $"'{(char)what}'" : $"byte 0x{what:X2}";
        return RequestErrors.InvalidJson($"unexpected {shown}, {Position(body, at)}");
    }

    public static GatewayError NotUtf8(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(body[at..], out _, out var consumed) is OperationStatus.Done)
        {
            at += consumed;
        }

        return RequestErrors.InvalidJson($"it is not UTF-8, {Position(body, at)}");
    }

    /// <summary>Line and column count from 1, the column in characters; the byte counts from 0.</summary>
    private static string Position(ReadOnlySpan<byte> body, int at)
    {
        var before = body[..at];
        var lineStart = before.LastIndexOf((byte)'\n') + 1;
        var column = Encoding.UTF8.GetCharCount(before[lineStart..]) + 1;
        return $"line {before.Count((byte)'\n') + 1}, column {column} (byte {at})";
    }

    private static int LineStart(ReadOnlySpan<byte> body, long line)
    {
        var start = 0;
        for (; line > 0; line--)
        {
            start += body[start..].IndexOf((byte)'\n') + 1;
        }

        return start;
    }
}

using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>
/// Ids of tool calls in either dialect. Messages allows <c>[a-zA-Z0-9_-]+</c> only, and SDKs and other Claude endpoints check it; Kimi's
/// <c>functions.weather:0</c> has a meaning to its model, so such an id is wrapped to come back to its provider as it was.
/// </summary>
internal static class ToolIds
{
    private const string Wrapped = "toolu_x_";

    private static readonly SearchValues<char> Safe =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

    public static bool IsSafe(string id) => id.Length > 0 && !id.AsSpan().ContainsAnyExcept(Safe);

    public static string ToMessages(string id) =>
        IsSafe(id) ? id : Wrapped + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(id));

    /// <summary>The id of the call at that position; made from the message's id where the provider gave none.</summary>
    public static string Of(AnswerBlock block, string messageId, int position) => block.ToolId.Length > 0
        ? ToMessages(block.ToolId)
        : string.Create(CultureInfo.InvariantCulture, $"toolu_{messageId[MessageIds.Prefix.Length..]}_{position}");

    public static string ToChat(string id)
    {
        if (!id.StartsWith(Wrapped, StringComparison.Ordinal))
            return id;
        var wrapped = id.AsSpan(Wrapped.Length);
        var bytes = new byte[Base64Url.GetMaxDecodedLength(wrapped.Length)];
        if (Base64Url.DecodeFromChars(wrapped, bytes, out _, out var length) is not OperationStatus.Done)
            return id;
        var original = Encoding.UTF8.GetString(bytes, 0, length);

        // Only what this class wrapped is unwrapped; anybody else's id stays as it is.
        return original.Length > 0 && ToMessages(original) == id ? original : id;
    }
}

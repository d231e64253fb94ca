namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Ids of messages, which are <c>msg_</c> and safe letters.</summary>
internal static class MessageIds
{
    public const string Prefix = "msg_";

    private const string ChatPrefix = "chatcmpl-";

    /// <summary>From the id of the chat answer, so that both can be found by either.</summary>
    public static string From(string id)
    {
        if (id.StartsWith(Prefix, StringComparison.Ordinal))
            id = id[Prefix.Length..];
        else if (id.StartsWith(ChatPrefix, StringComparison.Ordinal))
            id = id[ChatPrefix.Length..];
        return ToolIds.IsSafe(id) ? Prefix + id : New(id);
    }

    public static string New() => Prefix + Guid.NewGuid().ToString("N");

    private static string New(string id)
    {
        var safe = id.ToCharArray();
        for (var i = 0; i < safe.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(safe[i]) && safe[i] is not '-')
                safe[i] = '_';
        }

        return safe.Length == 0 ? New() : Prefix + new string(safe);
    }
}

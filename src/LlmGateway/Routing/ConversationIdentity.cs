using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;
using LlmGateway.Gateway;

namespace LlmGateway.Routing;

/// <summary>
/// Which conversation or user a request is of, as a hash, for the policy <c>sticky</c>. The first of these that is there: the end user;
/// <c>conversation_id</c> of the request's metadata; how the conversation opens, which is all up to the first message of a user and the
/// same in each of its requests, with the key. (The system message alone would be one conversation for a whole application.)
/// </summary>
internal static class ConversationIdentity
{
    /// <summary>Of what has no messages: enough to tell two texts apart.</summary>
    private const int MaxBytes = 4096;

    // The body has been read before: what is deeper than its reader allows has been refused.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 1024 };

    public static ulong Of(Exchange exchange)
    {
        var key = exchange.Key!;
        var tenant = Hash(key.Tenant, 0);
        if (exchange.User is { Length: > 0 } user)
        {
            return Hash(user, tenant);
        }

        var request = exchange.Request!;
        var conversation = ConversationOf(request.Metadata.Span);
        return conversation.IsEmpty
            ? XxHash3.HashToUInt64(OpeningOf(request.Body.Span), (long)Hash(key.Id, tenant))
            : XxHash3.HashToUInt64(conversation, (long)tenant);
    }

    private static ulong Hash(string text, ulong seed) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan()), (long)seed);

    private static ReadOnlySpan<byte> ConversationOf(ReadOnlySpan<byte> metadata)
    {
        var reader = new Utf8JsonReader(metadata, Options);
        while (!metadata.IsEmpty && reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("conversation_id"u8))
            {
                return reader.Read() && reader.TokenType is JsonTokenType.String ? reader.ValueSpan : default;
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> OpeningOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        while (reader.Read())
        {
            if (reader is not { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
            {
                continue;
            }

            var messages = reader.ValueTextEquals("messages"u8);
            var text = reader.ValueTextEquals("input"u8) || reader.ValueTextEquals("prompt"u8);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            if (messages)
            {
                SkipToUser(ref reader);
                return body[start..(int)reader.BytesConsumed];
            }

            reader.Skip();
            if (text)
            {
                return body[start..(int)Math.Min(reader.BytesConsumed, start + MaxBytes)];
            }
        }

        return body[..Math.Min(body.Length, MaxBytes)];
    }

    /// <summary>To the end of the first message whose role is <c>user</c>; to the end of all where there is none.</summary>
    private static void SkipToUser(ref Utf8JsonReader reader)
    {
        var (depth, isUser) = (reader.CurrentDepth, false);
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader is { TokenType: JsonTokenType.PropertyName } && reader.CurrentDepth == depth + 2)
            {
                var role = reader.ValueTextEquals("role"u8);
                reader.Read();
                isUser |= role && reader.TokenType is JsonTokenType.String && reader.ValueTextEquals("user"u8);
                reader.Skip();
            }
            else if (reader.TokenType is JsonTokenType.EndObject && isUser)
            {
                return;
            }
        }
    }
}

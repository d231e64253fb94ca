using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Requests;

/// <summary>
/// Who and what an exchange is attributed to. Of the same name, a tag of the <c>x-gateway-tags</c> header wins over one of the
/// <c>metadata</c> member, and that over one of the key. A bad header is refused, since it is meant for us; metadata is meant for the
/// provider, so what cannot be a tag is only left out.
/// </summary>
internal static class TagReader
{
    private const string TagsHeader = "x-gateway-tags";
    private const string UserHeader = "x-gateway-user";

    // Most exchanges have the tags of their key and no others. Weak: a changed key is a new object.
    private static readonly ConditionalWeakTable<VirtualKey, byte[]> TagsOfKeys = [];

    public static GatewayError? Apply(Exchange exchange, InferenceRequest request)
    {
        var headers = exchange.Http.Request.Headers;
        return ReadUser(exchange, request, headers[UserHeader]) ?? ReadTags(exchange, request.Metadata, headers[TagsHeader]);
    }

    private static GatewayError? ReadUser(Exchange exchange, InferenceRequest request, StringValues header)
    {
        if (request.UserDropped)
        {
            exchange.Warn("user is not kept: it is longer than 256 characters or has control characters");
        }

        exchange.User = request.User;
        if (exchange.User is not null || StringValues.IsNullOrEmpty(header))
        {
            return null;
        }

        var user = header.ToString();
        if (user.Length > AttributionText.MaxUserLength || AttributionText.HasControl(user))
        {
            return RequestErrors.Header(UserHeader, $"it may have at most {AttributionText.MaxUserLength} characters, and no control characters");
        }

        exchange.User = user;
        return null;
    }

    private static GatewayError? ReadTags(Exchange exchange, ReadOnlyMemory<byte> metadata, StringValues header)
    {
        var key = exchange.Key is { Tags.Count: > 0 } ? exchange.Key : null;
        if (metadata.IsEmpty && header.Count == 0)
        {
            exchange.Tags = key is null ? default : TagsOfKeys.GetValue(key, static k => Collect(k).ToJson());
            return null;
        }

        var tags = Collect(key);
        foreach (var line in header)
        {
            if (ReadHeader(line, tags) is { } error)
            {
                return error;
            }
        }

        var dropped = metadata.IsEmpty ? 0 : ReadMetadata(metadata.Span, tags);
        if (dropped > 0)
        {
            exchange.Warn($"{dropped} of metadata not kept as tags");
        }

        exchange.Tags = tags.ToJson();
        return null;
    }

    private static TagSet Collect(VirtualKey? key)
    {
        var tags = new TagSet();
        foreach (var (name, value) in key?.Tags ?? FrozenDictionary<string, string>.Empty)
        {
            _ = AttributionText.IsTagName(name) && AttributionText.IsTagValue(value) && tags.TryAdd(name, value, final: false);
        }

        return tags;
    }

    private static GatewayError? ReadHeader(ReadOnlySpan<char> line, TagSet tags)
    {
        foreach (var range in line.Split(','))
        {
            var tag = line[range].Trim();
            if (tag.IsEmpty)
            {
                continue;
            }

            var equals = tag.IndexOf('=');
            var name = equals < 0 ? tag : tag[..equals].TrimEnd();
            if (equals < 0 || !AttributionText.IsTagName(name))
            {
                return RequestErrors.Header(TagsHeader, $"write it as team=search,env=prod, each with {AttributionText.TagNameRule}");
            }

            var value = tag[(equals + 1)..].TrimStart();
            if (!AttributionText.IsTagValue(value))
            {
                return RequestErrors.Header(TagsHeader, $"the value of '{name}' is longer than {AttributionText.MaxTagValueLength} characters");
            }

            if (!tags.TryAdd(name.ToString(), value, final: true))
            {
                return RequestErrors.Header(TagsHeader, $"with those of the key there may be {TagSet.MaxTags} tags of {TagSet.MaxBytes} bytes in all");
            }
        }

        return null;
    }

    /// <summary>How many members could not be tags.</summary>
    private static int ReadMetadata(ReadOnlySpan<byte> metadata, TagSet tags)
    {
        var dropped = 0;
        var reader = new Utf8JsonReader(metadata, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var named = JsonText.TryGetString(reader, AttributionText.MaxTagNameLength, out var name) && AttributionText.IsTagName(name);
            reader.Read();
            if (named && tags.IsFinal(name))
            {
                reader.Skip();
            }
            else if (!named || !TryAdd(reader, name, tags))
            {
                dropped++;
                reader.Skip();
            }
        }

        return dropped;
    }

    private static bool TryAdd(in Utf8JsonReader reader, string name, TagSet tags) =>
        reader.TokenType is JsonTokenType.String
        && JsonText.TryGetString(reader, AttributionText.MaxTagValueLength, out var value)
        && AttributionText.IsTagValue(value)
        && tags.TryAdd(name, value, final: false);
}

using System.Text.Json;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>Makes an embeddings request with fewer inputs: the body as it is, but for the list.</summary>
internal static class InputSubset
{
    public static InferenceRequest Of(InferenceRequest request, ReadOnlySpan<CanonicalInput> inputs, ReadOnlySpan<int> wanted)
    {
        var body = request.Body.Span;
        var value = ValueOf(body);
        var length = body.Length - value.Length + 2 + wanted.Length;
        foreach (var index in wanted)
        {
            length += inputs[index].Body.Length;
        }

        var buffer = new RequestBuffer(length);
        Append(buffer, body[..value.Start]);
        Append(buffer, "["u8);
        for (var i = 0; i < wanted.Length; i++)
        {
            var (start, size) = inputs[wanted[i]].Body;
            Append(buffer, i == 0 ? default : ","u8);
            Append(buffer, body.Slice(start, size));
        }

        Append(buffer, "]"u8);
        Append(buffer, body[(value.Start + value.Length)..]);
        return RequestReader.TryRead(EndpointKind.Embeddings, buffer.Received, buffer, out var subset, out var error)
            ? subset
            : throw new InvalidOperationException($"A part of a valid request is not valid: {error.Message}");
    }

    /// <summary>All of it.</summary>
    public static InferenceRequest Copy(InferenceRequest request, EndpointKind endpoint)
    {
        var body = request.Body.Span;
        var buffer = new RequestBuffer(body.Length);
        Append(buffer, body);
        if (!RequestReader.TryRead(endpoint, buffer.Received, buffer, out var copy, out var error))
        {
            throw new InvalidOperationException($"A copy of a valid request is not valid: {error.Message}");
        }

        copy.IsTranslated = request.IsTranslated;
        return copy;
    }

    private static void Append(RequestBuffer buffer, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var space = buffer.GetSpace(Array.MaxLength).Span;
            var count = Math.Min(space.Length, bytes.Length);
            bytes[..count].CopyTo(space);
            buffer.Advance(count);
            bytes = bytes[count..];
        }
    }

    private static BodyRange ValueOf(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var found = RequestMembers.Find(reader, out _) is RequestMember.Input;
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return new BodyRange(start, (int)reader.BytesConsumed - start);
            }
        }

        throw new InvalidOperationException("The request has no input.");
    }
}

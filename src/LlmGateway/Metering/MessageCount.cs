using System.Text.Json;

namespace LlmGateway.Metering;

/// <summary>How many messages a chat request holds.</summary>
internal static class MessageCount
{
    // As deep as the room of requests lets a body be: the default of 64 would throw on tools that it let through.
    private const int DeepestBody = 128;

    /// <summary>Elements of the <c>messages</c> member of the body; 0 for a body without one.</summary>
    public static int Of(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = DeepestBody });
        var count = 0;
        var inside = false;
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName when reader.CurrentDepth == 1:
                    inside = reader.ValueTextEquals("messages"u8);
                    break;
                case JsonTokenType.StartObject when inside && reader.CurrentDepth == 2:
                    count++;
                    break;
            }
        }

        return count;
    }
}

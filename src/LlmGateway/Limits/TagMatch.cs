using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>Whether an exchange carries a tag.</summary>
internal static class TagMatch
{
    /// <param name="tags">One JSON object; empty for none.</param>
    public static bool IsIn(BudgetTag tag, ReadOnlySpan<byte> tags)
    {
        if (tags.IsEmpty)
        {
            return false;
        }

        var reader = new Utf8JsonReader(tags);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isIt = reader.ValueTextEquals(tag.Name);
            reader.Read();
            if (isIt)
            {
                return reader.TokenType is JsonTokenType.String && reader.ValueTextEquals(tag.Value);
            }

            reader.Skip();
        }

        return false;
    }
}

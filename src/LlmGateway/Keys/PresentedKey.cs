using Microsoft.Extensions.Primitives;

namespace LlmGateway.Keys;

/// <summary>The key that a request carries, in any of the three headers that SDKs use.</summary>
/// <param name="Text">The key; empty when there is none.</param>
/// <param name="Problem">Why it cannot be read; null when it can, or when there is none.</param>
internal readonly record struct PresentedKey(string Text, string? Problem)
{
    private const string Bearer = "Bearer";

    public static PresentedKey Read(IHeaderDictionary headers)
    {
        var key = new PresentedKey("", null);
        key = key.Add(headers.Authorization, isAuthorization: true);
        key = key.Add(headers["api-key"], isAuthorization: false);
        return key.Add(headers["x-api-key"], isAuthorization: false);
    }

    public override string ToString() => nameof(PresentedKey);

    private PresentedKey Add(in StringValues values, bool isAuthorization)
    {
        var key = this;
        for (var i = 0; i < values.Count && key.Problem is null; i++)
        {
            key = key.Add((values[i] ?? "").Trim(), isAuthorization);
        }

        return key;
    }

    // An empty header is no key: SDKs that are given one in api-key still send "Authorization: Bearer " at times.
    private PresentedKey Add(string value, bool isAuthorization)
    {
        if (isAuthorization && value.Length > 0)
        {
            if (!value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) || (value.Length > Bearer.Length && value[Bearer.Length] != ' '))
            {
                return new("", "The header 'Authorization' must be 'Bearer YOUR_KEY'.");
            }

            value = value[Bearer.Length..].TrimStart();
        }

        return value switch
        {
            "" => this,
            { Length: > KeyText.MaxLength } => new("", $"The API key has {value.Length} characters; none has more than {KeyText.MaxLength}."),
            _ when Text.Length == 0 || string.Equals(Text, value, StringComparison.Ordinal) => new(value, null),
            _ => new("", "This request carries different API keys in 'Authorization', 'api-key' or 'x-api-key'. Send one."),
        };
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Catalog;

namespace LlmGateway.Configuration.Settings;

/// <summary>Every kind of value that is one piece of text, by its CLR type.</summary>
internal static class ScalarTypes
{
    private static readonly Dictionary<Type, SettingType> Known = new()
    {
        [typeof(string)] = new ScalarType<string>("text", TryText, text => JsonValue.Create(text), () => Of("string")),
        [typeof(bool)] = new ScalarType<bool>("true or false", TryBool, value => JsonValue.Create(value), () => Of("boolean")) { PlainOnly = true },
        [typeof(int)] = Number<int>("a whole number", NumberStyles.AllowLeadingSign, "integer", value => JsonValue.Create(value)),
        [typeof(long)] = Number<long>("a whole number", NumberStyles.AllowLeadingSign, "integer", value => JsonValue.Create(value)),
        [typeof(double)] = Number<double>("a number", NumberStyles.Float, "number", value => JsonValue.Create(value), double.IsFinite),
        [typeof(decimal)] = Number<decimal>("a number", NumberStyles.Float, "number", value => JsonValue.Create(value)),
        [typeof(TimeSpan)] = Text<TimeSpan>("a duration such as 500ms, 5s, 3m, 1h or 7d", Durations.TryParse, Durations.Format, Durations.Pattern),
        [typeof(ByteSize)] = new ScalarType<ByteSize>(
            "a size such as 512KB, 50MB, 1GB or a number of bytes",
            ByteSize.TryParse,
            size => JsonValue.Create(size.ToString()),
            () => new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = ByteSize.Pattern, ["minimum"] = 0 }),
        [typeof(DateTimeOffset)] =
            Text<DateTimeOffset>("a date such as 2026-09-10, or an instant such as 2026-09-10T08:00:00Z", Instants.TryParse, Instants.Format, Instants.Pattern),
        [typeof(Currency)] = Text<Currency>("a currency such as USD, three capital letters of ISO 4217", TryCurrency, currency => currency.Code, "^[A-Z]{3}$"),
        [typeof(TimeZoneInfo)] = Text<TimeZoneInfo>("a time zone of the IANA list such as Asia/Shanghai or UTC", TryZone, zone => zone.Id, null),
        [typeof(HourRange)] = Text<HourRange>("hours such as 09:00-12:00 or 22:00-24:00", HourRange.TryParse, range => range.ToString(), HourRange.Pattern),
        [typeof(BaseUrl)] =
            Text<BaseUrl>("an http or https address without user, query and fragment, or builtin", BaseUrl.TryParse, url => url.ToString(), "^(builtin|https?://[^?#@]+)$"),
        [typeof(SecretSetting)] = new SecretType(),
    };

    public static SettingType? Find(Type type) => Known.TryGetValue(type, out var found) ? found : null;

    public static JsonObject Of(string jsonType) => new() { ["type"] = jsonType };

    /// <summary>The members of an enum by name in snake_case; the None of flags is no word, since an empty list says it.</summary>
    public static ScalarType<T> Words<T>()
        where T : struct, Enum
    {
        var words = Enum.GetValues<T>()
            .Where(value => !typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false) || value.ToString() != "None")
            .ToDictionary(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()), StringComparer.Ordinal);
        return new ScalarType<T>(
            "one of " + string.Join(", ", words.Keys),
            words.TryGetValue,
            value => JsonValue.Create(JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString())),
            () => new JsonObject { ["enum"] = new JsonArray([.. words.Keys.Select(word => (JsonNode)word)]) })
        {
            Words = [.. words.Keys],
        };
    }

    private static ScalarType<T> Text<T>(string expected, Parse<T> parse, Func<T, string> show, string? pattern)
        where T : notnull
    {
        return new ScalarType<T>(expected, parse, value => JsonValue.Create(show(value)), Schema);

        JsonObject Schema()
        {
            var schema = Of("string");
            if (pattern is not null)
            {
                schema["pattern"] = pattern;
            }

            return schema;
        }
    }

    private static ScalarType<T> Number<T>(string expected, NumberStyles styles, string jsonType, Func<T, JsonNode> show, Func<T, bool>? usable = null)
        where T : struct, System.Numerics.INumber<T>
    {
        return new ScalarType<T>(expected, TryParse, show, () => Of(jsonType)) { PlainOnly = true };

        bool TryParse(string text, out T value) =>
            T.TryParse(text, styles, CultureInfo.InvariantCulture, out value) && (usable is null || usable(value));
    }

    // References are for secrets: anywhere else they would be taken for the text itself, and fail far away from here.
    private static bool TryText(string text, out string value)
    {
        value = text;
        return text.Length > 0 && !text.Contains("${", StringComparison.Ordinal);
    }

    private static bool TryBool(string text, out bool value)
    {
        value = text == "true";
        return text is "true" or "false";
    }

    private static bool TryCurrency(string text, out Currency value)
    {
        value = new Currency(text);
        return text.Length == 3 && text.All(char.IsAsciiLetterUpper);
    }

    private static bool TryZone(string text, out TimeZoneInfo value)
    {
        var found = TimeZoneInfo.TryFindSystemTimeZoneById(text, out var zone);
        value = zone ?? TimeZoneInfo.Utc;
        return found;
    }
}

using System.Collections.Frozen;
using System.Text.Json;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGateway.Admin;

/// <summary>
/// A JSON object that was sent, read member by member. Absent and null stay apart, as a PATCH needs it. The first thing that is wrong
/// is kept in <see cref="Problem"/>; look at it after the last member is read.
/// </summary>
internal sealed class AdminBody
{
    private readonly Dictionary<string, JsonElement> _members = new(StringComparer.Ordinal);

    private AdminBody()
    {
    }

    public GatewayError? Problem { get; private set; }

    /// <summary>What was sent and is known here, as it was sent.</summary>
    public IReadOnlyDictionary<string, JsonElement> Members => _members;

    /// <param name="known">The members that the endpoint knows; any other is a problem.</param>
    public static async ValueTask<AdminBody> ReadAsync(HttpContext http, bool optional, params string[] known)
    {
        var body = new AdminBody();
        if (optional && (http.Request.ContentLength is 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false }))
        {
            return body;
        }

        if (!http.Request.HasJsonContentType())
        {
            body.Problem = AdminErrors.NoBodyType;
            return body;
        }

        try
        {
            using var document = await JsonDocument.ParseAsync(
                http.Request.Body, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 8 }, http.RequestAborted);
            body.Take(document.RootElement.Clone(), known);
        }
        catch (JsonException exception)
        {
            body.Problem = AdminErrors.Error(400, "invalid_json", $"The body is not valid JSON: {exception.Message}");
        }

        return body;
    }

    public bool Has(string name) => _members.ContainsKey(name);

    public string? Text(string name) => Read(name, "a string", JsonValueKind.String) is { } value ? Unescaped(name, value) : null;

    public string RequiredText(string name)
    {
        if (!Has(name))
        {
            Fail(name, $"'{name}' is missing.");
        }

        return Text(name) ?? "";
    }

    public bool? Flag(string name) => Read(name, "true or false", JsonValueKind.True, JsonValueKind.False)?.GetBoolean();

    public DateTimeOffset? Time(string name)
    {
        if (Nullable(name, Text) is not { } text)
        {
            return null;
        }

        if (!KeyTimes.TryTime(text, out var time))
        {
            Fail(name, $"'{name}' must be a time as in RFC 3339, such as '2027-01-01T00:00:00Z'.");
        }

        return time;
    }

    public TimeSpan? Duration(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (!KeyTimes.TryDuration(text, out var duration))
        {
            Fail(name, $"'{name}' must be a duration such as '90s', '5m', '1h' or '7d'.");
        }

        return duration;
    }

    public string[]? Texts(string name)
    {
        const string Wanted = "an array of strings";
        if (Read(name, Wanted, JsonValueKind.Array) is not { } array)
        {
            return null;
        }

        return [.. array.EnumerateArray().Select(item => String(name, item, Wanted))];
    }

    public FrozenDictionary<string, string>? Map(string name)
    {
        const string Wanted = "an object whose values are strings";
        return Read(name, Wanted, JsonValueKind.Object)?.EnumerateObject()
            .ToFrozenDictionary(member => member.Name, member => String(name, member.Value, Wanted), StringComparer.Ordinal);
    }

    public void Fail(string name, string message) => Problem ??= AdminErrors.Invalid(name, message);

    private void Take(JsonElement root, string[] known)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            Problem = AdminErrors.Error(400, "invalid_json", "The body must be a JSON object.");
            return;
        }

        foreach (var member in root.EnumerateObject())
        {
            if (known.Contains(member.Name, StringComparer.Ordinal))
            {
                _members[member.Name] = member.Value;
                continue;
            }

            Problem ??= AdminErrors.Error(
                400, "unknown_parameter", $"'{member.Name}' is not known here.{Nearest.Hint(member.Name, known)} Known are {string.Join(", ", known)}.") with
            { Param = member.Name };
        }
    }

    /// <summary>Null where the member is null; else what <paramref name="read"/> makes of it.</summary>
    public T? Nullable<T>(string name, Func<string, T?> read)
        where T : class => _members.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Null ? null : read(name);

    private string String(string name, JsonElement value, string wanted)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            Fail(name, $"'{name}' must be {wanted}.");
            return "";
        }

        return Unescaped(name, value);
    }

    private string Unescaped(string name, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair: valid JSON, and no text.
            Fail(name, $"'{name}' holds half of a surrogate pair, which is no character.");
            return "";
        }
    }

    private JsonElement? Read(string name, string wanted, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (!_members.TryGetValue(name, out var value))
        {
            return null;
        }

        if (kinds.Contains(value.ValueKind))
        {
            return value;
        }

        Fail(name, $"'{name}' must be {wanted}.");
        return null;
    }
}

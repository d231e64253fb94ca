using System.Globalization;
using LlmGateway.Gateway;
using LlmGateway.Keys;

namespace LlmGateway.Admin;

/// <summary>The query of a request, as strict as a body: a filter that is mistyped must not silently filter nothing.</summary>
internal sealed class AdminQuery
{
    private readonly IQueryCollection _query;

    public AdminQuery(HttpContext http, params string[] known)
    {
        _query = http.Request.Query;
        foreach (var name in _query.Keys)
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                Problem ??= AdminErrors.Error(
                    400, "unknown_parameter", $"The parameter '{name}' is not known here.{Nearest.Hint(name, known)} Known are {string.Join(", ", known)}.") with
                { Param = name };
            }
            else if (_query[name].Count > 1)
            {
                Fail(name, $"The parameter '{name}' may be given once.");
            }
        }
    }

    public GatewayError? Problem { get; private set; }

    public string? Text(string name) => _query[name] is [{ Length: > 0 } text] ? text : null;

    public int Number(string name, int otherwise, int minimum, int maximum)
    {
        if (Text(name) is not { } text)
        {
            return otherwise;
        }

        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < minimum || number > maximum)
        {
            Fail(name, $"'{name}' must be a whole number from {minimum} to {maximum}.");
        }

        return number;
    }

    public bool Flag(string name)
    {
        var text = Text(name);
        if (text is not (null or "true" or "false"))
        {
            Fail(name, $"'{name}' must be true or false.");
        }

        return text == "true";
    }

    public void Fail(string name, string message) => Problem ??= AdminErrors.Invalid(name, message);
}

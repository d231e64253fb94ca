using System.Globalization;

namespace LlmGateway.Limits.Redis;

/// <summary>Numbers with blanks between: a script's answer as one text costs one object, as a list one for each number.</summary>
internal ref struct Tokens(string? text)
{
    private ReadOnlySpan<char> _rest = text;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public long Next()
    {
        var end = _rest.IndexOf(' ');
        var token = end < 0 ? _rest : _rest[..end];
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return long.Parse(token, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
    }
}

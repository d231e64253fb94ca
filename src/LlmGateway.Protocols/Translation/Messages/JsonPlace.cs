using System.Globalization;
using System.Text;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Where a value stands in a request; written out only when somebody must be told.</summary>
internal sealed class JsonPlace
{
    /// <summary>The request itself.</summary>
    public static readonly JsonPlace Root = new(null, null, 0);

    private readonly JsonPlace? _parent;
    private readonly string? _name;
    private readonly int _index;

    private JsonPlace(JsonPlace? parent, string? name, int index)
    {
        _parent = parent;
        _name = name;
        _index = index;
    }

    public JsonPlace Member(string name) => new(this, name, 0);

    public JsonPlace Item(int index) => new(this, null, index);

    /// <summary>As in <c>messages[2].content[0].type</c>.</summary>
    public override string ToString() => Write(indexes: true);

    /// <summary>The same of all items: <c>messages[].content[].type</c>.</summary>
    public string ToPattern() => Write(indexes: false);

    private string Write(bool indexes)
    {
        var path = new StringBuilder();
        Append(path, indexes);
        return path.ToString();
    }

    // Nesting is bounded where the request is read.
    private void Append(StringBuilder path, bool indexes)
    {
        if (_parent is null)
            return;
        _parent.Append(path, indexes);
        if (_name is null)
            path.Append('[').Append(indexes ? _index.ToString(CultureInfo.InvariantCulture) : "").Append(']');
        else
            path.Append(path.Length > 0 ? "." : "").Append(Shown(_name));
    }

    // The caller chose the name; it goes into error texts and a header.
    private static string Shown(string name)
    {
        const int most = 64;
        var shown = name.Length > most ? name.AsSpan(0, most) : name;
        if (!shown.ContainsAnyExceptInRange('!', '~'))
            return name.Length > most ? shown.ToString() + "~" : name;
        var clean = new StringBuilder(shown.Length);
        foreach (var letter in shown)
            clean.Append(letter is >= '!' and <= '~' ? letter : '?');
        return clean.ToString();
    }
}

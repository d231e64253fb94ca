using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Settings;

/// <summary>One property of a section: its kind, its range, and what has to be said about it.</summary>
internal sealed class Setting
{
    private readonly PropertyInfo _property;
    private readonly SettingAttribute _rules;
    private readonly NotEnforcedAttribute? _notEnforced;
    private readonly IComparable? _min;
    private readonly IComparable? _max;
    private readonly string[] _words;

    public Setting(PropertyInfo property, SettingAttribute rules)
    {
        _property = property;
        _rules = rules;
        _notEnforced = property.GetCustomAttribute<NotEnforcedAttribute>();
        Type = SettingTypes.Of(property);
        Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
        _min = Bound(rules.Min);
        _max = Bound(rules.Max);
        _words = rules.OneOf?.Split(' ') ?? [];
    }

    public string Name { get; }

    public SettingType Type { get; }

    public bool Required => _rules.Required;

    public object? ValueOf(object section) => _property.GetValue(section);

    public void Read(YamlEntry written, object section, SettingPath path, ReadContext context)
    {
        context.Place(path, written.At, written.Value.At);
        if (Type.Read(written.Value, path, context) is not { } value)
        {
            return;
        }

        if (Unusable(value) is { } problem)
        {
            context.Error(path, problem.What, problem.Remedy);
            return;
        }

        _property.SetValue(section, value);
        if (_notEnforced is not null && SaysSomething(value, _notEnforced))
        {
            context.Problems.Warning(written.At, path, "not enforced by this version", _notEnforced.Remedy);
        }
    }

    public JsonObject Schema(object defaults, SchemaDefinitions definitions)
    {
        var schema = Type.Schema(definitions);
        if (_rules.Literal)
        {
            schema.Remove("pattern");
        }

        if (_words.Length > 0)
        {
            schema["enum"] = new JsonArray([.. _words.Select(word => (JsonNode)word)]);
        }

        if (_rules.NotEmpty)
        {
            schema["minItems"] = 1;
        }

        if (schema["type"] is JsonValue type && (string?)type is "integer" or "number")
        {
            AddBound(schema, "minimum", _min);
            AddBound(schema, "maximum", _max);
        }

        schema["description"] = Description;
        var value = _property.GetValue(defaults);
        if (value is not (null or "" or ICollection { Count: 0 }) && !Required && Type is not ISectionType)
        {
            schema["default"] = Type.Show(value);
        }

        return schema;
    }

    private string Description
    {
        get
        {
            var range = (_min, _max) switch
            {
                (not null, not null) => $" From {_rules.Min} to {_rules.Max}.",
                (not null, null) => $" At least {_rules.Min}.",
                (null, not null) => $" At most {_rules.Max}.",
                _ => "",
            };
            var unfinished = _notEnforced switch
            {
                null => "",
                { Except.Length: 0 } => " Not enforced by this version.",
                { Except: var held } => $" Not enforced by this version except for: {held}.",
            };
            return _rules.Description + range + unfinished;
        }
    }

    private (string What, string Remedy)? Unusable(object value)
    {
        if ((_min is not null && _min.CompareTo(value) > 0) || (_max is not null && _max.CompareTo(value) < 0))
        {
            return ($"{Shown.Text(Type.Show(value)!.ToString())} is out of range", Range);
        }

        if (_words.Length > 0 && value is string word && !_words.Contains(word, StringComparer.Ordinal))
        {
            return ($"{Shown.Text(word)} is not known", Suggestion.For(word, _words, "write one of " + string.Join(", ", _words)));
        }

        if (_rules.NotEmpty && value is ICollection { Count: 0 })
        {
            return ("is empty", "write at least one");
        }

        return value is SecretSetting { Origin: SecretOrigin.Literal } && !_rules.Literal
            ? ("a secret stands in the configuration itself", "move it to the environment or a file, and write ${env:NAME} or ${file:path}")
            : null;
    }

    private string Range => (_min, _max) switch
    {
        (not null, not null) => $"write a value from {_rules.Min} to {_rules.Max}",
        (not null, null) => $"write at least {_rules.Min}",
        _ => $"write at most {_rules.Max}",
    };

    private bool SaysSomething(object value, NotEnforcedAttribute notEnforced)
    {
        if (value is SecretSetting secret)
        {
            return !secret.Value.IsEmpty;
        }

        return notEnforced.Except.Length == 0
            || !notEnforced.Except.Split(' ').Contains(Type.Show(value)?.ToString(), StringComparer.OrdinalIgnoreCase);
    }

    private IComparable? Bound(string? written) =>
        written is null
            ? null
            : (IComparable)(((IScalarType)Type).Parse(written) ?? throw new InvalidOperationException($"{Name}: the bound {written} cannot be read"));

    private static void AddBound(JsonObject schema, string name, IComparable? bound)
    {
        if (bound is not null)
        {
            schema[name] = JsonNode.Parse(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bound}"));
        }
    }
}

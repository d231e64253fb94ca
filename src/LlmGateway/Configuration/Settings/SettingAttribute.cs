namespace LlmGateway.Configuration.Settings;

/// <summary>
/// Makes a property a setting. The name is the property's in snake_case, the default the property's initial value; description,
/// unit and range stand here. Reader, JSON Schema and messages are all made from this.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string description) : Attribute
{
    public string Description { get; } = description;

    /// <summary>It has to be written.</summary>
    public bool Required { get; init; }

    /// <summary>Smallest value, as it would be written.</summary>
    public string? Min { get; init; }

    /// <summary>Largest value, as it would be written.</summary>
    public string? Max { get; init; }

    /// <summary>The words that are allowed, with spaces between.</summary>
    public string? OneOf { get; init; }

    /// <summary>A list with nothing in it is refused.</summary>
    public bool NotEmpty { get; init; }

    /// <summary>A secret that may stand in the file itself, which a rule then decides on.</summary>
    public bool Literal { get; init; }
}

/// <summary>A setting that is read and checked, but that this version does nothing with: it is said aloud, so that nobody relies on it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotEnforcedAttribute(string remedy) : Attribute
{
    public string Remedy { get; } = remedy;

    /// <summary>The values that do hold, with spaces between.</summary>
    public string Except { get; init; } = "";
}

/// <summary>A record that may be written as one plain value, which is then the value of <paramref name="setting"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ShorthandAttribute(string setting) : Attribute
{
    public string Setting { get; } = setting;
}

/// <summary>A word that may stand for a list or a section, and means that there is none.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OrWordAttribute(string word) : Attribute
{
    public string Word { get; } = word;
}

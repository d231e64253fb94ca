namespace LlmGateway.Caching.Semantic.Text;

/// <summary>What the spelling and the place of a word tell of it.</summary>
[Flags]
internal enum TermTraits : byte
{
    None = 0,

    /// <summary>Begins with a capital though no sentence begins with it, or is one of several that do.</summary>
    Capital = 1,

    /// <summary>Stands within quotation marks or 《》.</summary>
    Quoted = 2,

    /// <summary>First of its sentence or clause.</summary>
    First = 4,

    /// <summary>Directly at the piece before it.</summary>
    Glued = 8,

    /// <summary>Only capitals, two at least.</summary>
    AllCapitals = 16,

    /// <summary>A verb that turns a sentence into a yes-or-no question where it stands first.</summary>
    Auxiliary = 32,

    /// <summary>After a place or role word such as <c>in</c> or 在: it narrows what is asked.</summary>
    Scope = 64,
}

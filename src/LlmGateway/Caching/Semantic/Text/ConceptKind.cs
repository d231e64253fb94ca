namespace LlmGateway.Caching.Semantic.Text;

/// <summary>What part a word plays; the word lists use these names for their sections.</summary>
internal enum ConceptKind : byte
{
    /// <summary>Names what the question is about: must have a counterpart.</summary>
    Content,

    /// <summary>Says next to nothing beside the rest (<c>thing</c>, <c>do</c>): may lack a counterpart.</summary>
    Light,

    /// <summary>Often left unsaid beside what it goes with (坐 of 坐飞机): may lack a counterpart unless another such word stands in its place.</summary>
    Implied,

    /// <summary>Grammar, politeness, filler: never looked at again.</summary>
    Stop,

    /// <summary>A word of place or role before a noun: <c>from</c>, <c>to</c>, <c>than</c>, 从, 比.</summary>
    Case,

    /// <summary>Joins equals: <c>and</c>, <c>or</c>, 和.</summary>
    Joint,

    /// <summary>Makes the sentence a question of a type.</summary>
    Question,

    /// <summary>Asks for the answer without saying anything of it: <c>tell me</c>, 请问.</summary>
    Request,

    /// <summary>Not, never, without, 不, 没有.</summary>
    Negation,

    /// <summary>All, some, at least, only.</summary>
    Quantifier,

    /// <summary>Must, may, should.</summary>
    Modal,

    /// <summary>Before, last, January, yesterday.</summary>
    Time,

    /// <summary>Of measure or money.</summary>
    Unit,

    /// <summary>A unit only right after a number (<c>m</c>, <c>g</c>, 个).</summary>
    UnitAfterNumber,

    /// <summary>A counting word: dropped after a number.</summary>
    Measure,

    /// <summary>A human language.</summary>
    Language,
}

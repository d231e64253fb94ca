namespace LlmGateway.Caching.Semantic.Text;

/// <summary>In which a prompt is written, as far as the guards must know.</summary>
internal enum Language : byte
{
    /// <summary>Latin letters. French is taken for it too: its words differ anyway.</summary>
    English,

    Chinese,

    /// <summary>Sentences of both.</summary>
    Mixed,

    /// <summary>Another script, or no letters.</summary>
    Other,
}

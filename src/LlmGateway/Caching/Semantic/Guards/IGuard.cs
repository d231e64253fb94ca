using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Looks for one way in which two prompts that read alike ask for different answers. A guard may only forbid: what it allows, the next may
/// not. Each allows a text with itself, whatever the text, and does not care which of the two was asked first.
/// </summary>
internal interface IGuard
{
    /// <summary>As metrics and explanations have it.</summary>
    string Name { get; }

    /// <summary>Whether, as far as this guard sees, the answer to <paramref name="stored"/> answers <paramref name="asked"/>.</summary>
    bool Allows(TextFacts asked, TextFacts stored);
}

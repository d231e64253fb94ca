using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Opposites: enable and disable, rise and fall, 开启 and 关闭.</summary>
internal sealed class PolarityGuard : IGuard
{
    public string Name => "polarity";

    public bool Allows(TextFacts asked, TextFacts stored)
    {
        foreach (ref readonly var term in asked.Terms.AsSpan())
        {
            if (term.IsKnown && !Alignment.HasCounterpart(term, asked, stored))
            {
                foreach (ref readonly var other in stored.Terms.AsSpan())
                {
                    if (term.Opposes(other) && !Alignment.HasCounterpart(other, stored, asked))
                    {
                        return false;
                    }
                }
            }
        }

        return true;
    }
}

using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Judging;

/// <summary>Reads a verdict of one word, in English or Chinese. A sentence is none, whatever it begins with: half of it may be somebody else's.</summary>
internal static class YesOrNo
{
    /// <summary>What models put around a word.</summary>
    private static readonly char[] Around = [' ', '\t', '\r', '\n', '.', '。', '!', ',', '，', ':', ';', '"', '\'', '“', '”', '‘', '’', '「', '」', '`', '*', '_'];

    /// <returns>Null for anything that is not one of them.</returns>
    public static bool? Read(string said)
    {
        // Longer than any of them with what may stand around it.
        const int longest = 64;
        return said.Length > longest ? null : TextNormaliser.Fold(said).Trim(Around).ToLowerInvariant() switch
        {
            "yes" or "是" or "是的" or "对" or "對" => true,
            "no" or "否" or "不是" or "不对" or "不對" => false,
            _ => null,
        };
    }
}

using System.Collections.Frozen;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>How something is done, which Chinese says on either side of the verb: 快速泡发, 泡发得快. Its place tells no direction.</summary>
internal static class Manner
{
    private static readonly FrozenSet<string> Words =
        "快 快速 迅速 慢 好 更好 久 多 少 早 晚 最快 最好 更快 干净 彻底 正确 安全 健康 有效 最有效 简单 容易 轻松 方便 便宜 高效".Split(' ').ToFrozenSet();

    public static bool Is(in Term term) => term.IsHan && Words.Contains(term.Text);
}

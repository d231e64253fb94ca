using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>
/// Chinese verbs and adjectives of one character and the words of two that say the same: 选 and 挑选, 补 and 补办. Not of characters that name things:
/// 鸡 is not 鸡蛋.
/// </summary>
internal static class HanVerbs
{
    private const string Characters =
        "办补选挑查找读写改换修装拆洗擦刷扫拖晒晾烘烤煮蒸炒炸煎炖焖煲熬拌腌切剁削剥泡喝吃咬嚼吞吐睡醒躺坐站走跑跳爬骑停关推拉提抬搬寄送传收领拿存藏丢扔捡借还租卖买付缴退赔罚扣欠偷骗抢骂告判教学练考背记忘猜算测比分合连断剪贴粘"
        + "拍录播唱弹演玩赢输追谈聊问答讲夸哄劝帮救治防避躲怕爱恨哭笑痛疼痒肿麻晕累困饿渴冷烫凉湿脏旧慢短粗厚薄软硬轻贵亮暗甜酸苦辣咸淡臭晚远近深浅满破坏碎裂漏堵锈霉烂糊焦涨跌升降增减盖挖埋养喂浇摘采砍灭喷涂抹敷揉捏压捆绑穿脱戴塌熟管烫甩删裁抖闪卡掉滑堆垫铺吊挂晃摇绕插拔拧扭折叠卷撕拼挤碰撞砸摔踢踩蹲趴靠扶抱扛端举递抛种";

    /// <summary>Whether the other text has the longer or the shorter form of <paramref name="word"/>, which this text does not have.</summary>
    public static bool Covers(in Term word, Term[] mine, Term[] theirs)
    {
        if (word is not { IsHan: true, IsNumber: false, Text.Length: 1 or 2 })
        {
            return false;
        }

        foreach (ref readonly var term in theirs.AsSpan())
        {
            if (term is { IsHan: true, IsNumber: false, Kind: ConceptKind.Content or ConceptKind.Light or ConceptKind.Implied } && (IsShort(word, term) || IsShort(term, word)) && !Says(mine, term))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Says(Term[] terms, in Term word)
    {
        foreach (ref readonly var term in terms.AsSpan())
        {
            if (term.Text == word.Text)
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsShort(in Term one, in Term two) =>
        one.Text.Length == 1 && two.Text.Length == 2 && Characters.Contains(one.Text[0], StringComparison.Ordinal) && two.Text.Contains(one.Text[0], StringComparison.Ordinal) && !one.Opposes(two);
}

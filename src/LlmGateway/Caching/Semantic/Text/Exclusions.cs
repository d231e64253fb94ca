using System.Text.RegularExpressions;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Which prompts are never answered from a similar one's answer, whatever the guards say.</summary>
internal static partial class Exclusions
{
    /// <summary>Characters beyond which a prompt is an essay whose details no guard weighs.</summary>
    public const int LongestText = 2_000;

    private const int ShortestText = 3;

    public static ExclusionReason Of(TextFacts facts)
    {
        var text = facts.Text;
        if (text.Length > LongestText)
        {
            return ExclusionReason.TooLong;
        }

        if (facts.Equality.Length == 0)
        {
            return ExclusionReason.NoText;
        }

        if (Size(facts.Equality) < ShortestText)
        {
            return ExclusionReason.TooShort;
        }

        if (PersonalData.In(text))
        {
            return ExclusionReason.PersonalData;
        }

        if (Code().IsMatch(text))
        {
            return ExclusionReason.Code;
        }

        if (Now().IsMatch(facts.Equality))
        {
            return ExclusionReason.TimeSensitive;
        }

        return Own().IsMatch(facts.Equality) ? ExclusionReason.Personal : ExclusionReason.None;
    }

    /// <summary>A Chinese character says about as much as two letters.</summary>
    private static int Size(string text)
    {
        var size = 0;
        foreach (var c in text)
        {
            size += CharacterFolding.IsHan(c) ? 2 : 1;
        }

        return size;
    }

    [GeneratedRegex(
        """
        ```|^diff --git|^@@ |^(\+\+\+|---) \S|Traceback \(most recent call last\)|^\s+at [\w.<>$]+\(|Exception in thread|\b(fix|debug|refactor|review|optimi[sz]e|rewrite|correct)\s+(this|the following|my|the)\s+(\w+\s+)?(code|function|script|query|program|class|method|snippet|regex|bug|error)\b|\b(my|this) (code|function|script|query|program)\b|(def|function|public|private|class|const|let|var|#include)\s+\w+\s*[({=<].*[;{:)]|(修改|修复|优化|重构|检查|调试|改一下|看看|看下|看一下)(我的|这段|下面的?|以下的?|一下这段)+(代码|函数|脚本|程序|SQL)|(这段|我的|下面的|以下)(代码|程序|脚本|函数)
        """,
        RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Code();

    [GeneratedRegex(
        """
        \b(today|todays|today's|tonight|tomorrow|yesterday|right now|at the moment|at present|nowadays|currently|current|now|latest|newest|most recent|recently|up to date|up-to-date|so far|this (week|month|year|quarter|morning|afternoon|evening|weekend|season)|(last|next|past) (week|month|year|night|quarter|weekend|monday|tuesday|wednesday|thursday|friday|saturday|sunday)|breaking news|real[- ]?time|live score|days? ago|hours? ago|weeks? ago|upcoming|as of|just (released|announced|happened))\b|今天|今日|今晚|今早|今年|明天|明早|明晚|明年|昨天|昨晚|前天|后天|去年|现在|目前|当前|如今|眼下|此刻|刚刚|刚才|最近|近期|近日|最新|实时|本周|本月|本季度|这周|这个月|这个星期|上周|上个月|下周|下个月|上星期|下星期|即将|截至|迄今|至今
        """,
        RegexOptions.CultureInvariant)]
    private static partial Regex Now();

    [GeneratedRegex(
        """
        \b(my|our)( \w+)? (orders?|accounts?|balance|subscriptions?|invoices?|bills?|payments?|refunds?|parcels?|packages?|shipments?|delivery|deliveries|bookings?|reservations?|tickets?|appointments?|claims?|polic(y|ies)|statements?|transactions?|profile|cart|salary|payslip|medical record|test results?|results|prescription|contract|plan|case|application|address|history|data|email address|phone number|name|location|calendar|schedule|meetings?|files?|documents?|photos?)\b|\b(who am i|where am i|did i|have i|am i (logged|signed|eligible|enrolled|registered)|i (ordered|bought|purchased|paid|booked|was charged|received|was billed))\b|我(们)?(的|家的|那个)?(订单|账户|账号|帐户|帐号|余额|会员|发票|账单|快递|包裹|物流|退款|预约|预订|机票|车票|保单|理赔|工资|社保|公积金|档案|病历|化验单|检查结果|体检报告|合同|资料|地址|日程|会议|文件|文档|照片|套餐|积分|优惠券|申请|工单|名字|手机号)|我是谁|我在哪|我(刚|刚刚|已经|昨天|之前)?(买了|买的|下单|下了单|付了|付款了|订了|订的|收到了|被扣)
        """,
        RegexOptions.CultureInvariant)]
    private static partial Regex Own();
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace LlmGateway.Simulator.Faults;

/// <summary>
/// How faults are written: <c>name</c> or <c>name=value</c>, separated by commas, as in <c>first=20s,cut=40</c>; a later one overrides an earlier one.
/// They stand behind a <c>!</c> in the model name (<c>sim-small!status=503</c>), in the request header <c>x-sim-fault</c>, or in a <see cref="FaultRule"/>.
/// Durations are <c>150ms 20s 2m 1h</c>; text is percent-encoded where it contains a comma.
/// <list type="table">
/// <item><term>status=NNN</term><description>an error of that status; <c>code type message</c> replace its members, <c>retry=DURATION</c> adds retry-after</description></item>
/// <item><term>body=NAME</term><description>an error shaped like another provider's, see <see cref="FaultBody"/>; brings its own status unless one is given</description></item>
/// <item><term>error200</term><description>the error as JSON under status 200</description></item>
/// <item><term>hang, reset</term><description>silence until the client leaves; the connection reset before any header</description></item>
/// <item><term>headers=D, first=D, pace=D</term><description>delay before the headers; between headers and first event; between tokens</description></item>
/// <item><term>keepalive=D</term><description>while the first event is awaited, each D a <c>: keep-alive</c> comment, or a blank line before a JSON body</description></item>
/// <item><term>stall=N, cut=N</term><description>after N events (N bytes of a plain body) silence until the client leaves; or the connection closes mid-answer</description></item>
/// <item><term>malformed=N, error=N</term><description>the Nth event is broken JSON; after N events an error frame ends the stream</description></item>
/// <item><term>nodone, emptyfirst</term><description>no [DONE]; Azure's first chunk without choices</description></item>
/// <item><term>slow=N, split=N, crlf</term><description>N bytes a second; written and flushed N bytes at a time; CRLF line ends</description></item>
/// <item><term>nousage, usageinfinish, kimi</term><description>no usage; usage in the finish chunk; usage in choices[0] there and once more behind it</description></item>
/// <item><term>tokens=N, finish=REASON</term><description>length of the answer; its finish reason</description></item>
/// </list>
/// </summary>
public static class FaultGrammar
{
    /// <summary>Checks a fault specification.</summary>
    /// <param name="specification">The text to check.</param>
    /// <param name="error">What is wrong with it, or null.</param>
    public static bool IsValid(string specification, [NotNullWhen(false)] out string? error) => TryParse(specification, out _, out error);

    internal static bool TryParse(string specification, out FaultPlan plan, [NotNullWhen(false)] out string? error)
    {
        plan = new FaultPlan();
        foreach (Range range in specification.AsSpan().Split(','))
        {
            ReadOnlySpan<char> item = specification.AsSpan()[range].Trim();
            if (item.IsEmpty)
            {
                continue;
            }

            int equals = item.IndexOf('=');
            string name = (equals < 0 ? item : item[..equals]).ToString();
            string value = equals < 0 ? "" : Uri.UnescapeDataString(item[(equals + 1)..]);
            if (!(equals < 0 ? TrySwitch(plan, name) : TrySet(plan, name, value)))
            {
                error = $"'{item}' is not a fault, or its value is unusable";
                return false;
            }
        }

        error = null;
        return true;
    }

    private static bool TrySwitch(FaultPlan plan, string name)
    {
        switch (name)
        {
            case "nodone": plan.NoDone = true; return true;
            case "reset": plan.Reset = true; return true;
            case "hang": plan.Hang = true; return true;
            case "error200": plan.Error200 = true; return true;
            case "crlf": plan.Crlf = true; return true;
            case "nousage": plan.NoUsage = true; return true;
            case "usageinfinish": plan.UsageInFinish = true; return true;
            case "kimi": plan.Kimi = true; return true;
            case "emptyfirst": plan.EmptyFirst = true; return true;
            default: return false;
        }
    }

    private static bool TrySet(FaultPlan plan, string name, string value)
    {
        switch (name)
        {
            case "code": plan.Code = value; return true;
            case "type": plan.Type = value; return true;
            case "message": plan.Message = value; return true;
            case "finish": plan.FinishReason = value; return true;
            case "body": plan.Body = FaultBody.Find(value); return plan.Body is not null;
            default: return TrySetNumber(plan, name, value) || TrySetDuration(plan, name, value);
        }
    }

    private static bool TrySetNumber(FaultPlan plan, string name, string value)
    {
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        switch (name)
        {
            case "status" when number is >= 200 and <= 599: plan.Status = number; return true;
            case "stall": plan.StallAfter = number; return true;
            case "cut": plan.CutAfter = number; return true;
            case "malformed" when number > 0: plan.MalformedAt = number; return true;
            case "error": plan.ErrorAfter = number; return true;
            case "slow" when number > 0: plan.BytesPerSecond = number; return true;
            case "split" when number > 0: plan.Split = number; return true;
            case "tokens" when number is > 0 and <= 1_000_000: plan.Tokens = number; return true;
            default: return false;
        }
    }

    private static bool TrySetDuration(FaultPlan plan, string name, string value)
    {
        if (!FaultDuration.TryParse(value, out TimeSpan duration))
        {
            return false;
        }

        switch (name)
        {
            case "retry": plan.RetryAfter = duration; return true;
            case "headers": plan.HeadersDelay = duration; return true;
            case "first": plan.FirstDelay = duration; return true;
            case "pace": plan.Pace = duration; return true;
            case "keepalive" when duration > TimeSpan.Zero: plan.KeepAlive = duration; return true;
            default: return false;
        }
    }
}

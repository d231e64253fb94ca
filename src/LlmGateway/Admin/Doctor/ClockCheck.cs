using System.Globalization;

namespace LlmGateway.Admin.Doctor;

/// <summary>Clocks that differ: leases, periods of budgets and the age of answers are told by them.</summary>
internal static class ClockCheck
{
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Harmful = TimeSpan.FromSeconds(30);

    /// <param name="theirs">What the other one's clock said between the two looks at ours.</param>
    public static Finding Compare(string subject, DateTimeOffset before, DateTimeOffset theirs, DateTimeOffset after)
    {
        var apart = theirs < before ? before - theirs : theirs > after ? theirs - after : TimeSpan.Zero;
        var text = string.Create(CultureInfo.InvariantCulture, $"its clock is {apart.TotalSeconds:0.###} s from this one's");
        return apart > Harmful ? Finding.Failure(subject, text, "set both clocks by NTP: leases and budgets of nodes end at the wrong time")
            : apart > Noticeable ? Finding.Warning(subject, text, "set both clocks by NTP")
            : Finding.Ok(subject, text);
    }
}

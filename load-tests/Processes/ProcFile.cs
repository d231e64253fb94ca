using System.Globalization;

namespace LlmGateway.LoadTests.Processes;

/// <summary>Reads the texts of <c>/proc/PID</c> (proc(5)).</summary>
internal static class ProcFile
{
    // USER_HZ: fixed at 100 for user space on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    /// <param name="stat">The text of <c>/proc/PID/stat</c>.</param>
    /// <returns>User and system time of all threads, also the ended ones.</returns>
    public static TimeSpan CpuTime(ReadOnlySpan<char> stat)
    {
        // The second field is the program's name, in parentheses, and may itself hold spaces and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..];
        long ticks = 0;
        var index = 3;
        foreach (var range in fields.Split(' '))
        {
            if (index is 14 or 15)
            {
                ticks += long.Parse(fields[range], CultureInfo.InvariantCulture);
            }

            index++;
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <param name="stat">The text of <c>/proc/stat</c>.</param>
    /// <returns>The time that all cores together were busy, for whomever.</returns>
    public static TimeSpan MachineBusy(ReadOnlySpan<char> stat)
    {
        // "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; the guests are counted in user and nice already.
        var fields = stat[..stat.IndexOf('\n')];
        long ticks = 0;
        var index = 0;
        foreach (var range in fields.Split(' '))
        {
            if (index is 2 or 3 or 4 or 7 or 8 or 9)
            {
                ticks += long.Parse(fields[range], CultureInfo.InvariantCulture);
            }

            index++;
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <param name="status">The text of <c>/proc/PID/status</c>.</param>
    /// <param name="name">A field in kB, such as <c>VmHWM</c>.</param>
    /// <returns>Bytes, or null where the field is absent.</returns>
    public static long? Bytes(ReadOnlySpan<char> status, ReadOnlySpan<char> name)
    {
        foreach (var line in status.EnumerateLines())
        {
            if (line.StartsWith(name) && line.Length > name.Length && line[name.Length] == ':')
            {
                var value = line[(name.Length + 1)..].Trim();
                return 1024 * long.Parse(value[..value.IndexOf(' ')], CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}

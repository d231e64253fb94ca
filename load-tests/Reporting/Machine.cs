using System.Diagnostics;
using System.Reflection;
using System.Runtime;
using System.Runtime.InteropServices;

namespace LlmGateway.LoadTests.Reporting;

/// <summary>Where and with what a run was made.</summary>
internal static class Machine
{
    public static IEnumerable<(string Name, string Value)> Describe(DateTimeOffset now)
    {
        yield return ("date", now.ToString("yyyy-MM-dd HH:mm 'UTC'"));
        yield return ("machine",
            $"{Environment.ProcessorCount} cores ({Processor()}), {MemoryGigabytes():0.#} GB, {RuntimeInformation.OSDescription.Trim()}");
        yield return ("runtime", $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.ProcessArchitecture}, "
            + $"{(GCSettings.IsServerGC ? "server" : "workstation")} GC in driver and forwarder, {Build()} build");
        yield return ("load average when the report was written", File.ReadAllText("/proc/loadavg").Split(' ')[0]);
        yield return ("commit", Commit());
    }

    private static string Build() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled == true ? "**Debug**" : "Release";

    private static string Processor()
    {
        const string Field = "model name";
        var line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith(Field)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? "unknown processor";
    }

    private static double MemoryGigabytes() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1e9;

    private static string Commit()
    {
        var start = new ProcessStartInfo("git", ["describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        try
        {
            using var git = Process.Start(start);
            var answer = git?.StandardOutput.ReadToEnd().Trim();
            return string.IsNullOrEmpty(answer) ? Built() : answer;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without git there is still what the build wrote down.
            return Built();
        }
    }

    private static string Built() =>
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}

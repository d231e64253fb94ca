using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LlmGateway.FunctionalTests.Hosting;

/// <summary>Signals to a process of a test.</summary>
internal static class Signals
{
    public const int Terminate = 15;
    public const int Stop = 19;
    public const int Continue = 18;

    public static void Signal(this Process process, int signal) => Assert.Equal(0, Kill(process.Id, signal));

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}

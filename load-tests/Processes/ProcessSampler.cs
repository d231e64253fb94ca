namespace LlmGateway.LoadTests.Processes;

/// <summary>Asks the kernel what a process has used.</summary>
internal sealed class ProcessSampler(int processId)
{
    private readonly string _folder = $"/proc/{processId}";

    public static TimeSpan MachineBusy() => ProcFile.MachineBusy(File.ReadAllText("/proc/stat"));

    public TimeSpan CpuTime() => ProcFile.CpuTime(File.ReadAllText($"{_folder}/stat"));

    /// <summary>Resident memory now, in bytes.</summary>
    public long Resident() => Status("VmRSS");

    /// <summary>The most resident memory since the start, or since <see cref="ResetPeak"/>, in bytes.</summary>
    public long PeakResident() => Status("VmHWM");

    /// <summary>Lets the peak begin again at the present value; a process of another user keeps its old one.</summary>
    public void ResetPeak()
    {
        try
        {
            File.WriteAllText($"{_folder}/clear_refs", "5");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Only the owner may; the figure then includes what came before, which errs on the safe side.
        }
    }

    private long Status(string field) => ProcFile.Bytes(File.ReadAllText($"{_folder}/status"), field) ?? 0;
}

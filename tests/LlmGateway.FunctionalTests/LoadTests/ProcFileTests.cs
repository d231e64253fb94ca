using LlmGateway.LoadTests.Processes;

namespace LlmGateway.FunctionalTests.LoadTests;

public sealed class ProcFileTests
{
    private const string Status = "Name:\tdotnet\nVmPeak:\t 9999 kB\nVmHWM:\t   87654 kB\nVmRSS:\t   80000 kB\nThreads:\t12\n";

    [Fact]
    public void Cpu_time_is_user_and_system_time() =>
        Assert.Equal(TimeSpan.FromSeconds(3.75), ProcFile.CpuTime("42 (dotnet) S 1 42 42 0 -1 4194560 11 12 13 14 250 125 7 8 20 0 12 0 100"));

    [Fact]
    public void A_program_name_with_spaces_and_parentheses_does_not_shift_the_fields() =>
        Assert.Equal(TimeSpan.FromSeconds(3.75), ProcFile.CpuTime("42 (.NET) (x 9 9) S 1 42 42 0 -1 4194560 11 12 13 14 250 125 7 8 20 0 12 0 100"));

    [Fact]
    public void The_machine_is_busy_with_everything_but_idling_and_waiting_for_disks() =>
        Assert.Equal(TimeSpan.FromSeconds(6.3), ProcFile.MachineBusy("cpu  100 200 300 9999 8888 10 15 5 77 66\ncpu0 1 1 1 1 1 1 1 1 1 1\n"));

    [Fact]
    public void The_peak_is_read_in_bytes() => Assert.Equal(87654L * 1024, ProcFile.Bytes(Status, "VmHWM"));

    [Fact]
    public void A_field_that_is_not_there_is_unknown() => Assert.Null(ProcFile.Bytes(Status, "VmSwap"));

    [Fact]
    public void The_kernel_tells_of_this_process()
    {
        var sampler = new ProcessSampler(Environment.ProcessId);

        Assert.True(sampler.CpuTime() > TimeSpan.Zero);
        Assert.InRange(sampler.Resident(), 1 << 20, sampler.PeakResident());
    }
}

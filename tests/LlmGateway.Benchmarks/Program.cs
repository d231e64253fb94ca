using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using LlmGateway.Benchmarks;

if (args.Contains(SemanticSearchLatency.Argument))
{
    SemanticSearchLatency.Run();
    return;
}

// In this process: the parts are internal, and a generated project would be built under the warnings of this repository.
const string Short = "--short";
var job = (args.Contains(Short) ? Job.ShortRun : Job.MediumRun.WithLaunchCount(1)).WithToolchain(InProcessEmitToolchain.Instance);
var config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).HideColumns(Column.Job, Column.Toolchain, Column.IterationCount, Column.WarmupCount, Column.LaunchCount);
BenchmarkSwitcher.FromAssembly(typeof(BenchmarkData).Assembly).Run([.. args.Where(arg => arg != Short)], config);

using System.CommandLine;
using System.Text.Json;
using LlmGateway.Configuration;
using Spectre.Console;

namespace LlmGateway.Admin;

/// <summary><c>top</c>: a running gateway at a glance, refreshed again and again.</summary>
internal static class TopCommand
{
    private const int UserMustMend = 1;

    private static readonly Option<double> Interval = new("--interval") { Description = "Seconds between two looks.", DefaultValueFactory = static _ => 1 };
    private static readonly Option<bool> Once = new("--once") { Description = "Print what one interval showed, and end." };

    /// <param name="dataFolder">The data folder, where neither option nor environment says.</param>
    /// <param name="url">Where the gateway listens, likewise.</param>
    public static Command Create(Func<GatewayPaths, string> dataFolder, Func<GatewayPaths, string> url, TimeProvider time)
    {
        var command = new Command("top", "Show routes, deployments, rates, latencies and spend of a running gateway, refreshed each second.")
        {
            Interval, Once, GatewayAddress.Url, GatewayAddress.Data, GatewayAddress.Config,
        };
        Interval.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0.1 and <= 3600))
            {
                result.AddError("--interval: write seconds from 0.1 to 3600.");
            }
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var (call, problem) = GatewayAddress.Find(parsed, dataFolder, url);
            problem = call is null ? problem : await ShowAsync(parsed, call, time, cancellation);
            if (problem is null)
            {
                return 0;
            }

            await parsed.InvocationConfiguration.Error.WriteLineAsync(problem);
            return UserMustMend;
        });
        return command;
    }

    /// <summary>Shows it until it is told to end; why it could not go on, or null.</summary>
    private static async Task<string?> ShowAsync(ParseResult parsed, AdminCall call, TimeProvider time, CancellationToken cancellation)
    {
        var console = AnsiConsole.Create(Terminal.Settings(parsed.InvocationConfiguration.Output));
        var (before, problem) = await ReadAsync(call, cancellation);
        if (before is null)
        {
            return problem;
        }

        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(parsed.GetValue(Interval)), time);
        if (parsed.GetValue(Once) || Console.IsOutputRedirected)
        {
            const int WideEnough = 200;
            console.Profile.Width = Console.IsOutputRedirected ? WideEnough : console.Profile.Width;
            await timer.WaitForNextTickAsync(cancellation);
            (var now, problem) = await ReadAsync(call, cancellation);
            if (now is not null)
            {
                console.Write(TopTable.Of(before, now));
            }

            return problem;
        }

        await console.Live(TopTable.Of(before, before)).Overflow(VerticalOverflow.Crop).StartAsync(async screen =>
        {
            try
            {
                while (problem is null && await timer.WaitForNextTickAsync(cancellation))
                {
                    (var now, problem) = await ReadAsync(call, cancellation);
                    if (now is not null)
                    {
                        screen.UpdateTarget(TopTable.Of(before, now));
                        before = now;
                    }
                }
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                // Ctrl-C is how one leaves.
            }
        });
        return problem;
    }

    private static async Task<(LiveView? Live, string? Problem)> ReadAsync(AdminCall call, CancellationToken cancellation)
    {
        var (answer, problem) = await call.SendAsync("live", body: null, cancellation);
        return answer is null ? (null, problem) : (JsonSerializer.Deserialize(answer, AdminJson.Default.LiveView), null);
    }
}

using System.CommandLine;
using LlmGateway.Simulator;

namespace LlmGateway;

/// <summary><c>simulate</c>: the provider simulator alone, until it is stopped.</summary>
internal static class SimulateCommand
{
    public static Command Create()
    {
        var urls = new Option<string[]>("--urls")
        {
            Description = "Addresses to listen on.",
            DefaultValueFactory = _ => ["http://127.0.0.1:8081"],
            AllowMultipleArgumentsPerToken = true,
        };
        var first = Milliseconds("--first-token", "Delay before the first token, in milliseconds.");
        var pace = Milliseconds("--token-delay", "Delay between two tokens of a stream, in milliseconds.");
        var tokens = new Option<int>("--tokens") { Description = "Tokens of an answer whose request does not say.", DefaultValueFactory = _ => 64 };
        var jitter = new Option<double>("--jitter") { Description = "How much delays vary: 0 to 1 of their length." };
        var requestsPerMinute = new Option<int>("--requests-per-minute") { Description = "Rate limit; 0 is none." };
        var tokensPerMinute = new Option<int>("--tokens-per-minute") { Description = "Token rate limit; 0 is none." };
        var command = new Command("simulate", "Run the provider simulator alone: an OpenAI API with scripted speed, quota and faults.")
        {
            urls, first, pace, tokens, jitter, requestsPerMinute, tokensPerMinute,
        };
        command.SetAction((parsed, cancellation) => RunAsync(
            new SimulatorOptions
            {
                Urls = parsed.GetRequiredValue(urls),
                FirstTokenDelay = TimeSpan.FromMilliseconds(parsed.GetValue(first)),
                TokenDelay = TimeSpan.FromMilliseconds(parsed.GetValue(pace)),
                OutputTokens = parsed.GetValue(tokens),
                Jitter = parsed.GetValue(jitter),
                RequestsPerMinute = parsed.GetValue(requestsPerMinute),
                TokensPerMinute = parsed.GetValue(tokensPerMinute),
            },
            parsed.InvocationConfiguration.Output,
            cancellation));
        return command;
    }

    private static Option<double> Milliseconds(string name, string description) => new(name) { Description = description };

    private static async Task<int> RunAsync(SimulatorOptions options, TextWriter output, CancellationToken cancellation)
    {
        if (options.Validate() is { Count: > 0 } problems)
        {
            throw new UserErrorException(string.Join(Environment.NewLine, problems));
        }

        using var signals = new StopSignals();
        await using var simulator = await StartAsync(options, cancellation);
        await output.WriteLineAsync($"Provider simulator on {string.Join(", ", simulator.Addresses)}; base URL {simulator.BaseAddress}");
        await Shutdown.RequestedAsync(signals.Asked);
        return 0;
    }

    private static async Task<SimulatorHost> StartAsync(SimulatorOptions options, CancellationToken cancellation)
    {
        try
        {
            return await SimulatorHost.StartAsync(options, TimeProvider.System, cancellation);
        }
        catch (IOException busy)
        {
            throw new UserErrorException($"cannot listen on {string.Join(", ", options.Urls)}: {busy.Message} Choose another address with --urls.", busy);
        }
    }
}

/// <summary>Waits until the process is asked to end.</summary>
internal static class Shutdown
{
    public static async Task RequestedAsync(CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C or SIGTERM.
        }
    }
}

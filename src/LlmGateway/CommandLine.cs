using System.CommandLine;

namespace LlmGateway;

/// <summary>Runs a command line and turns what may go wrong into one clear line and an exit code.</summary>
internal static class CommandLine
{
    /// <summary>What the user must mend.</summary>
    public const int UserError = 1;

    /// <summary>Wrong usage of the command line.</summary>
    public const int WrongUsage = 2;

    /// <summary>A defect of ours.</summary>
    public const int Defect = 70;

    public static async Task<int> RunAsync(RootCommand root, string[] args)
    {
        var parsed = root.Parse(args);
        if (parsed.Errors.Count > 0 && !args.Any(static arg => arg is "--help" or "-h" or "-?"))
        {
            foreach (var error in parsed.Errors)
            {
                await Console.Error.WriteLineAsync(error.Message);
            }

            await Console.Error.WriteLineAsync("Run with --help for what there is.");
            return WrongUsage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,

                // It would end the process two seconds after SIGTERM, and knows no second signal; what runs for long has StopSignals.
                ProcessTerminationTimeout = null,
            });
        }
        catch (UserErrorException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return UserError;
        }
        catch (OperationCanceledException)
        {
            // Asked to end before it had begun.
            return 0;
        }
        catch (Exception defect)
        {
            await Console.Error.WriteLineAsync($"llmgateway: a defect, please report it: {defect}");
            return Defect;
        }
    }
}

/// <summary>Something that the user must mend; the message is the one line that says what, where and how.</summary>
internal sealed class UserErrorException(string message, Exception? inner = null) : Exception(message, inner);

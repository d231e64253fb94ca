using Spectre.Console;

namespace LlmGateway.Admin;

/// <summary>Colours where somebody looks, and none in a file or a pipe.</summary>
internal static class Terminal
{
    public static AnsiConsoleSettings Settings(TextWriter output) => new()
    {
        Out = new AnsiConsoleOutput(output),
        Ansi = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected ? AnsiSupport.Detect : AnsiSupport.No,
    };
}

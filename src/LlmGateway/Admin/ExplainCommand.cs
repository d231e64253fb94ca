using System.CommandLine;
using System.Text.Json;
using LlmGateway.Configuration;
using Spectre.Console;

namespace LlmGateway.Admin;

/// <summary><c>explain</c>: asks a running gateway, since its live state decides, where a request would go or why one went where it went.</summary>
internal static class ExplainCommand
{
    private const int UserMustMend = 1;
    private const string SampleText = "Hello!";

    private static readonly Argument<string?> Route = new("route") { Description = "The model name that a client would send.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Exchange = new("--exchange") { Description = "Explain what happened instead: the x-request-id or x-gateway-operation-id of an answer." };
    private static readonly Option<string?> Body = new("--file") { Description = "The request: a file with an OpenAI body; - for standard input." };
    private static readonly Option<string?> Message = new("--text") { Description = $"The request: one message of a user. Default: {SampleText}" };
    private static readonly Option<string?> Tenant = new("--tenant") { Description = "Who would send it. Default: nobody, whom nothing is required of." };
    private static readonly Option<string?> Key = new("--key") { Description = "Id of the virtual key that it would come with." };
    private static readonly Option<string?> User = new("--user") { Description = "The end user." };
    private static readonly Option<string?> Policy = new("--policy") { Description = "As x-gateway-policy would name it." };
    private static readonly Option<string?> MaxCost = new("--max-cost") { Description = "As x-gateway-max-cost would say it." };
    private static readonly Option<string?> At = new("--at") { Description = "At the prices and hours of which instant, such as 2026-11-27T09:00:00Z; health is that of now. Default: now." };
    private static readonly Option<string> Format = new("--format") { Description = "table or json.", DefaultValueFactory = static _ => "table" };

    /// <param name="dataFolder">The data folder, where neither option nor environment says.</param>
    /// <param name="url">Where the gateway listens, likewise.</param>
    public static Command Create(Func<GatewayPaths, string> dataFolder, Func<GatewayPaths, string> url)
    {
        Format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("explain", "Show where a request would go, or why one went where it went. Asks a running gateway.")
        {
            Route, Exchange, Body, Message, Tenant, Key, User, Policy, MaxCost, At, Format, GatewayAddress.Url, GatewayAddress.Data, GatewayAddress.Config,
        };
        command.Validators.Add(static result =>
        {
            if (result.GetValue(Route) is null == result.GetValue(Exchange) is null)
            {
                result.AddError("Name either a route or an exchange: explain ROUTE, or explain --exchange ID.");
            }

            if (result.GetValue(Body) is not null && result.GetValue(Message) is not null)
            {
                result.AddError("Give either --file or --text.");
            }
        });
        command.SetAction((parsed, cancellation) => RunAsync(parsed, dataFolder, url, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        ParseResult parsed, Func<GatewayPaths, string> dataFolder, Func<GatewayPaths, string> url, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var (call, problem) = GatewayAddress.Find(parsed, dataFolder, url);
        byte[]? body = null;
        if (call is not null && parsed.GetValue(Exchange) is null)
        {
            (body, problem) = await BodyAsync(parsed, cancellation);
        }

        byte[]? answer = null;
        if (problem is null)
        {
            (answer, problem) = await call!.SendAsync(Path(parsed), body, cancellation);
        }

        return answer is null ? await FailAsync(error, problem!) : Print(parsed, answer);
    }

    private static async Task<int> FailAsync(TextWriter error, string problem)
    {
        await error.WriteLineAsync(problem);
        return UserMustMend;
    }

    private static string Path(ParseResult parsed) => parsed.GetValue(Exchange) is { } id
        ? $"exchanges/{Uri.EscapeDataString(id)}"
        : $"routes/{Uri.EscapeDataString(parsed.GetValue(Route)!)}/explain";

    private static async Task<(byte[]? Body, string? Problem)> BodyAsync(ParseResult parsed, CancellationToken cancellation)
    {
        byte[] request;
        if (parsed.GetValue(Body) is { } file)
        {
            try
            {
                request = await ReadAsync(file, cancellation);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return (null, $"--file: {error.Message}");
            }
        }
        else
        {
            request = JsonSerializer.SerializeToUtf8Bytes(
                new SampleRequest([new SampleMessage("user", parsed.GetValue(Message) ?? SampleText)]), ExplainJson.Default.SampleRequest);
        }

        return Wrap(parsed, request);
    }

    private static async Task<byte[]> ReadAsync(string file, CancellationToken cancellation)
    {
        if (file != "-")
        {
            return await File.ReadAllBytesAsync(file, cancellation);
        }

        using var all = new MemoryStream();
        await using var input = Console.OpenStandardInput();
        await input.CopyToAsync(all, cancellation);
        return all.ToArray();
    }

    private static (byte[]? Body, string? Problem) Wrap(ParseResult parsed, byte[] request)
    {
        (string Name, Option<string?> Option)[] members =
            [("tenant", Tenant), ("key", Key), ("user", User), ("policy", Policy), ("max_cost", MaxCost), ("at", At)];
        if (members.All(member => parsed.GetValue(member.Option) is null))
        {
            return (request, null);
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, option) in members.Where(member => parsed.GetValue(member.Option) is not null))
            {
                json.WriteString(name, parsed.GetValue(option));
            }

            json.WritePropertyName("request");
            try
            {
                json.WriteRawValue(request);
            }
            catch (JsonException error)
            {
                return (null, $"--file: it is not valid JSON: {error.Message}");
            }

            json.WriteEndObject();
        }

        return (stream.ToArray(), null);
    }

    private static int Print(ParseResult parsed, byte[] answer)
    {
        var output = parsed.InvocationConfiguration.Output;
        if (parsed.GetValue(Format) == "json")
        {
            output.WriteLine(System.Text.Encoding.UTF8.GetString(answer));
            return 0;
        }

        const int WideEnough = 240;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });

        // A file or a pipe has no width: each deployment keeps to one line there, for grep.
        console.Profile.Width = Console.IsOutputRedirected ? WideEnough : console.Profile.Width;
        if (parsed.GetValue(Exchange) is null)
        {
            ExplainTable.Write(console, JsonSerializer.Deserialize(answer, AdminJson.Default.DecisionView)!);
        }
        else
        {
            ExplainTable.Write(console, JsonSerializer.Deserialize(answer, AdminJson.Default.ExchangeView)!);
        }

        return 0;
    }
}

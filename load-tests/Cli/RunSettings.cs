using System.CommandLine;
using System.Globalization;
using LlmGateway.LoadTests.Reporting;
using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests.Cli;

/// <summary>The options that shape the load: each overrides one value of the preset, and its help shows both presets.</summary>
internal sealed class RunSettings
{
    private readonly List<(Option Option, Func<ParseResult, RunOptions, RunOptions> Apply)> _settings = [];
    private readonly List<Func<RunOptions, (string Name, string Value)>> _descriptions = [];

    public RunSettings()
    {
        Time("--warmup", "Unmeasured load on each target first.", o => o.Warmup, (o, value) => o with { Warmup = value });
        Time("--duration", "Length of one measured window.", o => o.Duration, (o, value) => o with { Duration = value });
        Count("--rounds", "cpu, latency: rounds of one window per target.", o => o.Rounds, (o, value) => o with { Rounds = value });
        Count("--connections", "cpu, endurance: connections, back to back.", o => o.Connections, (o, value) => o with { Connections = value });
        Count("--answer-tokens", "Tokens of a short answer.", o => o.AnswerTokens, (o, value) => o with { AnswerTokens = value });
        Count("--streams", "streams: how many at a time.", o => o.Streams, (o, value) => o with { Streams = value });
        Count("--stream-tokens", "Tokens of a paced stream.", o => o.StreamTokens, (o, value) => o with { StreamTokens = value });
        Time("--first-token", "Time to the first token of a paced stream.", o => o.FirstToken, (o, value) => o with { FirstToken = value });
        Time("--token-gap", "Time between its tokens.", o => o.TokenGap, (o, value) => o with { TokenGap = value });
        Count("--rate", "open: requests per second.", o => o.Rate, (o, value) => o with { Rate = value });
        Count("--stream-rate", "open-streamed: streams per second.", o => o.StreamRate, (o, value) => o with { StreamRate = value });
        Count(
            "--open-connections", "open: most requests under way; more wait.", o => o.OpenConnections, (o, value) => o with { OpenConnections = value });
        Count("--requests", "endurance: requests in all.", o => o.Requests, (o, value) => o with { Requests = value });
        Count("--sample-every", "endurance: requests between two samples.", o => o.SampleEvery, (o, value) => o with { SampleEvery = value });
        Time("--timeout", "How long answers are waited for after a window.", o => o.Timeout, (o, value) => o with { Timeout = value });
    }

    public IEnumerable<Option> Options => _settings.Select(setting => setting.Option);

    public RunOptions Apply(ParseResult parsed, RunOptions preset) =>
        _settings.Aggregate(preset, (options, setting) => setting.Apply(parsed, options));

    /// <summary>The values that hold, by option, for the report.</summary>
    public IEnumerable<(string Name, string Value)> Describe(RunOptions options) => _descriptions.Select(describe => describe(options));

    private void Time(string name, string description, Func<RunOptions, TimeSpan> get, Func<RunOptions, TimeSpan, RunOptions> set)
    {
        var option = TimeSpanOption.Create(name, $"{description} {Defaults(preset => Numbers.Duration(get(preset)))}");
        Add(
            option,
            (parsed, options) => parsed.GetValue(option) is { } value ? set(options, value) : options,
            options => Numbers.Duration(get(options)));
    }

    private void Count<T>(string name, string description, Func<RunOptions, T> get, Func<RunOptions, T, RunOptions> set)
        where T : struct, System.Numerics.INumber<T>
    {
        var option = new Option<T?>(name) { Description = $"{description} {Defaults(preset => Text(get(preset)))}", HelpName = "number" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T?>() is { } value && value <= T.Zero)
            {
                result.AddError($"{name} must be more than 0.");
            }
        });
        Add(option, (parsed, options) => parsed.GetValue(option) is { } value ? set(options, value) : options, options => Text(get(options)));
    }

    private void Add(Option option, Func<ParseResult, RunOptions, RunOptions> apply, Func<RunOptions, string> text)
    {
        _settings.Add((option, apply));
        _descriptions.Add(options => (option.Name.TrimStart('-'), text(options)));
    }

    private static string Defaults(Func<RunOptions, string> text)
    {
        var (standard, quick) = (text(Presets.Standard), text(Presets.Quick));
        return standard == quick ? $"[default: {standard}]" : $"[default: {standard}, quick: {quick}]";
    }

    private static string Text<T>(T value)
        where T : IFormattable => value.ToString(null, CultureInfo.InvariantCulture);
}

using System.Diagnostics.Metrics;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Usage;
using LlmGateway.Telemetry.Tracing;
using LlmGateway.Upstream;

namespace LlmGateway.Metering;

/// <summary>Tokens, cost and pace. Labels come from the configuration; what it does not know is <c>other</c>.</summary>
internal sealed class MeteringMetrics : IDisposable
{
    public const string MeterName = "llmgateway";

    private static readonly double[] FirstTokenBounds = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3, 6, 12, 30, 60];

    private readonly Meter _meter;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<long> _unpriced;
    private readonly Counter<long> _estimated;
    private readonly Histogram<double> _timeToFirstTokenOfRoute;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _timePerOutputToken;

    public MeteringMetrics(IMeterFactory factory)
    {
        _meter = factory.Create(MeterName);
        _tokens = _meter.CreateCounter<long>(
            "tokens_total", "{token}", "Tokens measured or estimated; cached_input and cache_write are parts of input, reasoning of output.");
        _cost = _meter.CreateCounter<double>("cost_total", null, "Cost of priced and estimated attempts, in the unit of the currency.");
        _unpriced = _meter.CreateCounter<long>("unpriced_attempts_total", "{attempt}", "Attempts with an answer and no price: their cost is unknown, not 0.");
        _estimated = _meter.CreateCounter<long>("estimated_attempts_total", "{attempt}", "Attempts whose usage the gateway counted, since the provider did not tell it.");
        _timeToFirstToken = Histogram("time_to_first_token_seconds", "From the start of a streamed attempt to its first event.", FirstTokenBounds);
        _timeToFirstTokenOfRoute = Histogram(
            "route_time_to_first_token_seconds", "From the first byte of a streamed request to the first event of its answer, failed attempts included.", FirstTokenBounds);
        _timePerOutputToken = Histogram(
            "time_per_output_token_seconds",
            "Mean gap between output tokens of a streamed attempt, after the first.",
            [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.15, 0.3, 1]);
    }

    public void Record(Exchange exchange, Attempt attempt)
    {
        var deployment = attempt.Deployment.Name;
        if (attempt.UsageSource is not UsageSource.Unknown && _tokens.Enabled)
        {
            Tokens(attempt.Usage, deployment, TenantOf(exchange));
        }

        if (attempt is { PriceStatus: PriceStatus.Unpriced, UsageSource: not UsageSource.Unknown } && _unpriced.Enabled)
        {
            _unpriced.Add(1, new("deployment", deployment), new("tenant", TenantOf(exchange)));
        }

        if (attempt.UsageSource is UsageSource.Estimated && _estimated.Enabled)
        {
            _estimated.Add(1, new KeyValuePair<string, object?>("deployment", deployment));
        }

        if (attempt.Cost is { Amount: > 0 } cost && _cost.Enabled)
        {
            _cost.Add((double)cost.Amount, new("tenant", TenantOf(exchange)), new("currency", cost.Currency.Code));
        }

        if (exchange.Request is { Stream: true } && attempt.FirstEventAt is { } first)
        {
            ExemplarScope.Begin(exchange.Spans is { IsSampled: true } spans ? spans.TraceId : null);
            Pace(attempt, first, deployment);
            if (ReferenceEquals(exchange.Committed, attempt) && exchange.Route is { } route && _timeToFirstTokenOfRoute.Enabled)
            {
                _timeToFirstTokenOfRoute.Record(Seconds(first - exchange.StartedAt), new KeyValuePair<string, object?>("route", route));
            }

            ExemplarScope.End();
        }
    }

    public void Dispose() => _meter.Dispose();

    private Histogram<double> Histogram(string name, string description, double[] boundaries) => _meter.CreateHistogram(
        name, "s", description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = boundaries });

    private void Tokens(in TokenUsage usage, string deployment, string tenant)
    {
        Add(usage.InputTokens, "input", deployment, tenant);
        Add(usage.CachedInputTokens, "cached_input", deployment, tenant);
        Add(usage.CacheWriteTokens, "cache_write", deployment, tenant);
        Add(usage.OutputTokens, "output", deployment, tenant);
        Add(usage.ReasoningTokens, "reasoning", deployment, tenant);
    }

    private void Add(long count, string kind, string deployment, string tenant)
    {
        if (count > 0)
        {
            _tokens.Add(count, new("deployment", deployment), new("kind", kind), new("tenant", tenant));
        }
    }

    private void Pace(Attempt attempt, DateTimeOffset first, string deployment)
    {
        if (_timeToFirstToken.Enabled)
        {
            _timeToFirstToken.Record(Seconds(first - attempt.StartedAt), new KeyValuePair<string, object?>("deployment", deployment));
        }

        // The first token came with the first event: the rest share the time behind it.
        var rest = attempt.UsageSource is UsageSource.Unknown ? 0 : attempt.Usage.OutputTokens - 1;
        if (rest > 0 && attempt.FinishedAt is { } finished && _timePerOutputToken.Enabled)
        {
            _timePerOutputToken.Record(Seconds(finished - first) / rest, new KeyValuePair<string, object?>("deployment", deployment));
        }
    }

    // A clock that is set back must not make a time negative.
    private static double Seconds(TimeSpan time) => Math.Max(time.TotalSeconds, 0);

    private static string TenantOf(Exchange exchange) =>
        exchange.Key is { } key && exchange.Snapshot.Tenants.ContainsKey(key.Tenant) ? key.Tenant : "other";
}

using System.Diagnostics.Metrics;
using System.Globalization;
using LlmGateway.Telemetry;

namespace LlmGateway.Gateway;

/// <summary>Requests, their duration and the time that the gateway added.</summary>
internal sealed class GatewayMetrics
{
    private static readonly string[] FaultNames = ["none", "caller", "policy", "provider", "gateway"];
    private static readonly string[] EndpointNames = ["chat.completions", "completions", "embeddings", "models", "messages", "responses"];

    /// <summary>Boxed once: a tag value is an object.</summary>
    private static readonly string[] StatusNames = [.. Enumerable.Range(0, 600).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    private readonly Counter<long> _requests;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _overhead;
    private readonly UpDownCounter<long> _inFlight;

    public GatewayMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(GatewayMeter.Name);
        _requests = meter.CreateCounter<long>("requests_total", "{request}", "Requests answered, by endpoint, route, status and whose fault.");
        _duration = meter.CreateHistogram("request_duration_seconds", "s", "From the first byte of a request to the last of its answer.", advice: Buckets.Duration);
        _overhead = meter.CreateHistogram("overhead_seconds", "s", "Time that the gateway added before the answer began.", advice: Buckets.Overhead);
        _inFlight = meter.CreateUpDownCounter<long>("in_flight", "{request}", "Requests of a route that have not ended.");
    }

    /// <summary>A request has found its route. What counts is taken off again at the end of an exchange that has one.</summary>
    public void Routed(Exchange exchange, string route)
    {
        if (exchange.Route is null)
        {
            exchange.Route = route;
            _inFlight.Add(1, new KeyValuePair<string, object?>("route", route));
        }
    }

    public void Closed(Exchange exchange, in ExchangeSummary summary, TimeSpan elapsed)
    {
        // A route is a label only when it is of the configuration: what a client made up is `other`.
        var route = exchange.Route ?? "other";
        if (exchange.Route is not null)
        {
            _inFlight.Add(-1, new KeyValuePair<string, object?>("route", route));
        }

        if (_requests.Enabled)
        {
            _requests.Add(1,
                new("endpoint", EndpointName(exchange.Door)), new("route", route),
                new("status", StatusName(summary.Status)), new("fault", FaultNames[(int)summary.Fault]));
        }

        _duration.Record(elapsed.TotalSeconds);
        if (exchange.Overhead is { } overhead)
        {
            _overhead.Record(overhead.TotalSeconds);
        }
    }

    public static string EndpointName(EndpointKind endpoint) => EndpointNames[(int)endpoint];

    private static string StatusName(int status) => (uint)status < (uint)StatusNames.Length ? StatusNames[status] : "other";
}

using System.Diagnostics;
using System.Globalization;
using LlmGateway.Configuration;
using LlmGateway.Health;
using LlmGateway.Telemetry;
using Prometheus;

namespace LlmGateway.Admin;

/// <summary>Puts the figures of the metrics together by route and deployment.</summary>
internal static class LiveReader
{
    private static readonly DateTime Started = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public static async Task<LiveView> ReadAsync(CollectorRegistry registry, Snapshot snapshot, DateTimeOffset now, CancellationToken cancellation)
    {
        var reading = await MetricsReading.ReadAsync(registry, cancellation);
        return Of(reading, snapshot, now);
    }

    public static LiveView Of(MetricsReading reading, Snapshot snapshot, DateTimeOffset now) => new(
        now.UtcDateTime,
        Environment.MachineName,
        Started,
        Sum(reading.Named("process_cpu_seconds_total")),
        (long)Sum(reading.Named("process_working_set_bytes")),
        (long)Sum(reading.Of("ledger_queue")),
        Sum(reading.Of("config_refused")) > 0,
        reading.Of("dependency_up").ToDictionary(static one => one["dependency"], static one => one.Value > 0, StringComparer.Ordinal),
        Histogram(reading.Of("overhead_seconds_bucket")),
        [.. snapshot.Routes.Keys.Order(StringComparer.Ordinal).Select(route => Route(reading, route))],
        [.. snapshot.Deployments.Keys.Order(StringComparer.Ordinal).Select(deployment => Deployment(reading, deployment))],
        [
            .. reading.Of("cost_total").Select(static one => new LiveSpend(one["tenant"], one["currency"], one.Value))
                .OrderBy(static spend => spend.Tenant, StringComparer.Ordinal).ThenBy(static spend => spend.Currency, StringComparer.Ordinal),
        ]);

    private static LiveRoute Route(MetricsReading reading, string route)
    {
        var requests = Where(reading, "requests_total", "route", route).ToList();
        return new LiveRoute(
            route,
            (long)Sum(requests),
            (long)Sum(requests.Where(static one => one["fault"] is "provider" or "gateway")),
            (long)Sum(requests.Where(static one => one["fault"] is "caller" or "policy")),
            (long)Sum(Where(reading, "cache_total", "route", route).Where(static one => one["result"] is "hit" or "semantic" or "coalesced")),
            (int)Sum(Where(reading, "in_flight", "route", route)),
            (int)Sum(Where(reading, "route_deployments", "route", route).Where(static one => one["state"] == "usable")),
            (int)Sum(Where(reading, "route_deployments", "route", route)),
            Histogram(Where(reading, "route_time_to_first_token_seconds_bucket", "route", route)));
    }

    private static LiveDeployment Deployment(MetricsReading reading, string deployment)
    {
        var attempts = Where(reading, "attempts_total", "deployment", deployment).ToList();
        return new LiveDeployment(
            deployment,
            HealthView.NameOf((BreakerState)(int)Sum(Where(reading, "deployment_state", "deployment", deployment))),
            (long)Sum(attempts),
            (long)Sum(attempts.Where(static one => one["outcome"] is not ("succeeded" or "cancelled"))),
            (int)Sum(Where(reading, "deployment_in_flight", "deployment", deployment)),
            Sum(Where(reading, "deployment_headroom", "deployment", deployment)),
            Histogram(Where(reading, "time_to_first_token_seconds_bucket", "deployment", deployment)));
    }

    private static IEnumerable<MetricsSeries> Where(MetricsReading reading, string instrument, string label, string value) =>
        reading.Of(instrument).Where(one => one[label] == value);

    private static double Sum(IEnumerable<MetricsSeries> series) => series.Sum(static one => one.Value);

    private static LiveHistogram Histogram(IEnumerable<MetricsSeries> buckets)
    {
        var counts = new SortedDictionary<double, long>();
        foreach (var bucket in buckets)
        {
            var bound = bucket["le"] == "+Inf" ? double.MaxValue : double.Parse(bucket["le"], CultureInfo.InvariantCulture);
            counts[bound] = counts.GetValueOrDefault(bound) + (long)bucket.Value;
        }

        return counts.Count == 0 ? LiveHistogram.Empty : new LiveHistogram([.. counts.Keys], [.. counts.Values]);
    }
}

using System.Globalization;
using LlmGateway.LoadTests.Processes;

namespace LlmGateway.LoadTests.Scenarios;

/// <summary>Reads the size of the managed heap from a target's <c>/metrics</c>, where it has one.</summary>
internal static class HeapReader
{
    // The name that prometheus-net gives to GC.GetTotalMemory.
    private const string Metric = "dotnet_total_memory_bytes ";

    public static async Task<double?> BytesAsync(HttpClient client, Target target, CancellationToken cancellationToken)
    {
        try
        {
            return Parse(await client.GetStringAsync(new Uri(target.Url, "/metrics"), cancellationToken));
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public static double? Parse(string metrics)
    {
        foreach (var line in metrics.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(Metric))
            {
                return double.Parse(line[Metric.Length..], CultureInfo.InvariantCulture);
            }
        }

        return null;
    }
}

using LlmGateway.Telemetry;

namespace LlmGateway.Tests.Telemetry;

public class MetricsReadingTests
{
    [Fact]
    public void Names_labels_and_values_are_read_whatever_stands_in_them()
    {
        var reading = MetricsReading.Parse(
            "# HELP llmgateway_a_total x\n# TYPE llmgateway_a_total counter\nllmgateway_a_total{route=\"a \\\"b\\\\ {c}\",fault=\"none\"} 3\nllmgateway_a_total 1.5e3\nllmgateway_b_bucket{le=\"+Inf\"} 7\nprocess_x NaN\n");

        var all = reading.Of("a_total").ToArray();
        Assert.Equal([3, 1500], all.Select(static one => one.Value));
        Assert.Equal(("a \"b\\ {c}", "none", ""), (all[0]["route"], all[0]["fault"], all[0]["other"]));
        Assert.Empty(all[1].Labels);
        Assert.Equal("+Inf", reading.Of("b_bucket").Single()["le"]);
        Assert.True(double.IsNaN(reading.Named("process_x").Single().Value));
        Assert.Empty(reading.Of("c"));
    }
}

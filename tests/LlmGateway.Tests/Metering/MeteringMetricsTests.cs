using System.Diagnostics.Metrics;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Catalog;
using LlmGateway.Upstream;
using static LlmGateway.Tests.Metering.MeteringFixture;

namespace LlmGateway.Tests.Metering;

public sealed class MeteringMetricsTests : IDisposable
{
    private readonly MeteringFixture _fixture = new();
    private readonly MeterListener _listener = new();
    private readonly List<string> _seen = [];

    public MeteringMetricsTests()
    {
        var factory = _fixture.Meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory && instrument.Meter.Name == "llmgateway")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    public void Dispose()
    {
        _listener.Dispose();
        _fixture.Dispose();
    }

    [Fact]
    public async Task Tokens_and_cost_are_counted_by_configured_names()
    {
        await RunAsync(Exchange(Price.Entry(input: 10, output: 100)), new TokenUsage(1000, 300, 200, 500, 50));

        Assert.Equal(
            [
                "tokens_total 1000 deployment=acme/one kind=input tenant=acme",
                "tokens_total 300 deployment=acme/one kind=cached_input tenant=acme",
                "tokens_total 200 deployment=acme/one kind=cache_write tenant=acme",
                "tokens_total 500 deployment=acme/one kind=output tenant=acme",
                "tokens_total 50 deployment=acme/one kind=reasoning tenant=acme",
                "cost_total 0.06 tenant=acme currency=USD",
            ],
            _seen);
    }

    [Fact]
    public async Task A_tenant_that_the_configuration_does_not_know_is_other()
    {
        await RunAsync(Exchange(tenant: "stranger"), new TokenUsage(1, 0, 0, 0, 0));

        Assert.Equal(["tokens_total 1 deployment=acme/one kind=input tenant=other", "unpriced_attempts_total 1 deployment=acme/one tenant=other"], _seen);
    }

    [Fact]
    public async Task A_stream_tells_its_time_to_the_first_token_and_between_tokens()
    {
        await RunAsync(Exchange(stream: true), new TokenUsage(0, 0, 0, 11, 0), firstEvent: 0.4, finished: 2.4);

        Assert.Equal(
            [
                "tokens_total 11 deployment=acme/one kind=output tenant=acme",
                "unpriced_attempts_total 1 deployment=acme/one tenant=acme",
                "time_to_first_token_seconds 0.4 deployment=acme/one",
                "time_per_output_token_seconds 0.2 deployment=acme/one",
            ],
            _seen);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_makes_no_negative_time()
    {
        await RunAsync(Exchange(stream: true), new TokenUsage(0, 0, 0, 2, 0), firstEvent: -1, finished: -2);

        Assert.Contains("time_to_first_token_seconds 0 deployment=acme/one", _seen);
        Assert.Contains("time_per_output_token_seconds 0 deployment=acme/one", _seen);
    }

    [Fact]
    public async Task An_answer_in_one_piece_has_no_pace()
    {
        await RunAsync(Exchange(), new TokenUsage(0, 0, 0, 11, 0), firstEvent: 0.4, finished: 2.4);

        Assert.DoesNotContain(_seen, line => line.StartsWith("time_", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_single_token_has_no_gap()
    {
        await RunAsync(Exchange(stream: true), new TokenUsage(0, 0, 0, 1, 0), firstEvent: 0.4, finished: 2.4);

        Assert.DoesNotContain(_seen, line => line.StartsWith("time_per_output_token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_owes_nothing_counts_nothing()
    {
        await _fixture.RunAsync(Exchange(Price.Entry(input: 10), stream: true), attempt => Fail(attempt, 503, ErrorClass.Overloaded));

        Assert.Empty(_seen);
    }

    private Task RunAsync(Exchange exchange, TokenUsage usage, double? firstEvent = null, double finished = 0) =>
        _fixture.RunAsync(exchange, attempt =>
        {
            Succeed(attempt);
            attempt.Usage = usage;
            attempt.UsageSource = UsageSource.Measured;
            attempt.FirstEventAt = firstEvent is { } seconds ? Start.AddSeconds(seconds) : null;
            attempt.FinishedAt = Start.AddSeconds(finished);
        });

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = FormattableString.Invariant($"{instrument.Name} {value:0.######}");
        foreach (var (name, label) in tags)
        {
            text += $" {name}={label}";
        }

        _seen.Add(text);
    }
}

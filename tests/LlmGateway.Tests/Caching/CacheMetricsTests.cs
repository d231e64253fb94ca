using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using System.Globalization;
using LlmGateway.Caching;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching;

public sealed class CacheMetricsTests : IDisposable
{
    private static readonly Snapshot Snapshot = new()
    {
        Version = 1,
        LoadedAt = DateTimeOffset.UnixEpoch,
        Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
        Providers = FrozenDictionary<string, Provider>.Empty,
        Deployments = FrozenDictionary<string, Deployment>.Empty,
        Routes = FrozenDictionary<string, LlmGateway.Catalog.Route>.Empty,
        Prices = PriceBook.Empty,
        Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty) }.ToFrozenDictionary(known => known.Name),
        Keys = [],
    };

    private static readonly CachedAnswer Answer =
        new("acme/one", "acme", null, "stop", 100, 50, new Money(0.25m, Currency.Usd), TimeSpan.FromMilliseconds(1500));

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<string> _seen = [];
    private readonly CacheMetrics _metrics;

    public CacheMetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _metrics = new CacheMetrics(factory);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == factory)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    [Fact]
    public void Every_result_has_its_name()
    {
        foreach (var result in Enum.GetValues<CacheResult>())
        {
            _metrics.Answered(Asked("chat"), result);
        }

        Assert.Equal(
            ["off", "miss", "hit", "semantic", "coalesced"],
            _seen.Select(static line => line["cache_total 1 route=chat result=".Length..]));
    }

    [Fact]
    public void What_an_answer_saved_is_counted_by_route_and_tenant()
    {
        _metrics.Saved(Asked("chat"), Answer);
        Assert.Equal(
            [
                "cache_saved_cost_total 0.25 route=chat tenant=acme currency=USD",
                "cache_saved_seconds_total 1.5 route=chat tenant=acme",
                "cache_saved_tokens_total 100 route=chat tenant=acme kind=input",
                "cache_saved_tokens_total 50 route=chat tenant=acme kind=output",
            ],
            _seen);
    }

    [Fact]
    public void What_the_configuration_does_not_know_is_other()
    {
        _metrics.Answered(Asked(null), CacheResult.Off);
        _metrics.Saved(Asked("chat", "stranger"), Answer with { Saved = null, SavedTime = TimeSpan.FromSeconds(-1) });
        Assert.Equal(
            [
                "cache_total 1 route=other result=off",
                "cache_saved_seconds_total 0 route=chat tenant=other",
                "cache_saved_tokens_total 100 route=chat tenant=other kind=input",
                "cache_saved_tokens_total 50 route=chat tenant=other kind=output",
            ],
            _seen);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private static Exchange Asked(string? route, string tenant = "acme") => new(new DefaultHttpContext(), Snapshot, EndpointKind.ChatCompletions, Guid.Empty, default, 0)
    {
        Key = new VirtualKey { Id = "key_1", Name = "ci", Tenant = tenant, Project = "search" },
        Route = route,
    };

    private void Note<T>(Instrument instrument, T value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        where T : struct, IFormattable
    {
        var labels = string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}"));
        _seen.Add(string.Create(CultureInfo.InvariantCulture, $"{instrument.Name} {value} {labels}"));
    }
}

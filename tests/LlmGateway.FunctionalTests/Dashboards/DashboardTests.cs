using System.Globalization;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.FunctionalTests.Sdk;

namespace LlmGateway.FunctionalTests.Dashboards;

/// <summary>What the dashboards ask, a real Prometheus answers.</summary>
public class DashboardTests
{
    private static readonly string[] OwnerNames = ["money", "providers", "service"];

    [Fact]
    public async Task Every_query_of_every_panel_and_variable_finds_something_and_names_nothing_that_is_not_there()
    {
        var queries = PanelQuery.All();
        Assert.True(queries.Count > 60, queries.Count.ToString(CultureInfo.InvariantCulture));
        using var redis = await RedisServer.StartAsync();
        using var postgres = await PostgresServer.StartAsync();
        using var configuration = ScriptedLoad.Configure(redis, postgres);
        await using var gateway = await TestGateway.StartAsync(configuration);
        await ScriptedLoad.RunAsync(gateway, round: 0);
        using var prometheus = await PrometheusServer.StartAsync(gateway.BaseUrl, Path.Combine(Readme.Root, "config", "prometheus"), gateway.Soon);

        // A rate needs two readings with traffic between them.
        var open = queries;
        for (var round = 1; open.Count > 0; round++)
        {
            await ScriptedLoad.RunAsync(gateway, round);
            open = await EmptyAsync(prometheus, open, gateway.Soon);
            if (await prometheus.ReadingsAsync(gateway.Soon) > 40)
            {
                break;
            }
        }

        Assert.Empty(open);
        var names = await prometheus.NamesAsync(gateway.Soon);
        Assert.All(queries, query => Assert.All(query.Names(), name => Assert.Contains(name, names)));
    }

    [Fact]
    public void The_three_dashboards_are_there_and_each_panel_says_what_it_is()
    {
        Assert.Equal(OwnerNames, Directory.GetFiles(PanelQuery.Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal));
        var uids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(PanelQuery.Folder, "*.json"))
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            Assert.True(uids.Add(json.RootElement.GetProperty("uid").GetString()!), file);
            var ids = new HashSet<int>();
            Assert.All(json.RootElement.GetProperty("panels").EnumerateArray(), panel =>
            {
                Assert.True(ids.Add(panel.GetProperty("id").GetInt32()), file);
                Assert.NotEmpty(panel.GetProperty("title").GetString()!);
                Assert.InRange(panel.GetProperty("gridPos").GetProperty("x").GetInt32() + panel.GetProperty("gridPos").GetProperty("w").GetInt32(), 1, 24);
            });
        }
    }

    [Fact]
    public async Task They_keep_to_the_schema_of_the_version_of_Grafana_that_they_name()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));

        await NodeScript.RunAsync("dashboards.test.mjs", new Uri("http://127.0.0.1"), "", patience.Token);
    }

    private static async Task<IReadOnlyList<PanelQuery>> EmptyAsync(PrometheusServer prometheus, IReadOnlyList<PanelQuery> queries, CancellationToken cancellation)
    {
        var empty = new List<PanelQuery>();
        foreach (var query in queries)
        {
            var (series, error) = await prometheus.AskAsync(query.Expression, cancellation);
            Assert.True(error is null, $"{query}: {error}");
            if (series == 0)
            {
                empty.Add(query);
            }
        }

        return empty;
    }
}

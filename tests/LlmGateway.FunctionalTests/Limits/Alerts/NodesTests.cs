using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Limits.Alerts;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace LlmGateway.FunctionalTests.Limits.Alerts;

/// <summary>Several nodes that see the same event.</summary>
public sealed class NodesTests
{
    private const string Budget = "amount: 0.002, period: month, warn: 0.5";
    private const string Shared = "postgres: { connection: \"${file:postgres.secret}\" }";

    [Fact]
    public async Task Of_two_nodes_that_share_a_database_one_tells()
    {
        using var server = await PostgresServer.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        using var one = Configuration(server, receiver);
        using var other = Configuration(server, receiver);
        await using var first = await Alerting.StartAsync(one);
        await using var second = await Alerting.StartAsync(other);
        await Task.WhenAll(Alerting.KnowsAsync(first), Alerting.KnowsAsync(second));
        await Task.WhenAll(Alerting.SpendAllAsync(first), Alerting.SpendAllAsync(second));
        await Eventually.TrueAsync(() => Ended(one) && Ended(other));
        var told = receiver.All;
        Assert.Equal([AlertTypes.Stop, AlertTypes.Warning], told.Select(tell => tell.Type).Order());
        var states = Alerting.Deliveries(one).Concat(Alerting.Deliveries(other)).GroupBy(delivery => delivery.Id).ToList();
        Assert.All(states, id => Assert.Equal([DeliveryState.Delivered, DeliveryState.Elsewhere], id.Select(delivery => delivery.State).Order()));
    }

    [Fact]
    public async Task While_the_database_is_down_each_tells_under_the_same_id()
    {
        using var server = await PostgresServer.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        using var one = Configuration(server, receiver);
        using var other = Configuration(server, receiver);
        await using var first = await Alerting.StartAsync(one);
        await using var second = await Alerting.StartAsync(other);
        await Task.WhenAll(Alerting.KnowsAsync(first), Alerting.KnowsAsync(second));
        await server.KillAsync();
        await Task.WhenAll(Alerting.SpendAllAsync(first), Alerting.SpendAllAsync(second));
        await Eventually.TrueAsync(() => Ended(one) && Ended(other));
        Assert.Equal([2, 2], receiver.All.GroupBy(told => told.Id).Select(told => told.Count()));
    }

    [Fact]
    public async Task A_delivery_is_one_nodes_until_it_has_ended_or_the_node_is_not_heard_of()
    {
        using var server = await PostgresServer.StartAsync();
        await using var postgres = new PostgresDatabase(new Secret(server.ConnectionString), new DependencyStates(), NullLogger<PostgresDatabase>.Instance);
        var claims = new WebhookClaims(postgres);
        var (mine, theirs) = (Delivery("a"), Delivery("b"));
        var lease = TimeSpan.FromMinutes(2);
        Assert.Equal(ClaimVerdict.Ours, await claims.ClaimAsync(mine, lease, default));
        Assert.Equal(ClaimVerdict.Others, await claims.ClaimAsync(theirs, lease, default));
        Assert.Equal(ClaimVerdict.Ours, await claims.ClaimAsync(mine, lease, default));

        await server.ExecuteAsync("UPDATE webhook_claims SET until = now() - interval '1 second'");
        Assert.Equal(ClaimVerdict.Ours, await claims.ClaimAsync(theirs, lease, default));
        Assert.Equal(ClaimVerdict.Others, await claims.ClaimAsync(mine, lease, default));

        // Who has lost it has nothing to say of it any more.
        await claims.KeepAsync(mine, lease, ended: true, default);
        Assert.Equal(ClaimVerdict.Ours, await claims.ClaimAsync(theirs, lease, default));
        await claims.KeepAsync(theirs, lease, ended: true, default);
        Assert.Equal(ClaimVerdict.Ended, await claims.ClaimAsync(mine, lease, default));

        await claims.ForgetAsync(default);
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT count(*) FROM webhook_claims"));
        await server.ExecuteAsync("UPDATE webhook_claims SET keep_until = now() - interval '1 second'");
        await claims.ForgetAsync(default);
        Assert.Equal(0, await server.ScalarAsync<long>("SELECT count(*) FROM webhook_claims"));
    }

    private static TestConfiguration Configuration(PostgresServer server, Receiver receiver) =>
        Alerting.Configuration(Budget, receiver, shared: Shared).WithSecret("postgres.secret", server.ConnectionString);

    /// <summary>A warning and a stop, neither of them still to be told.</summary>
    private static bool Ended(TestConfiguration configuration) =>
        Alerting.Deliveries(configuration) is { Count: 2 } deliveries && deliveries.All(delivery => delivery.State != DeliveryState.Pending);

    private static Delivery Delivery(string owner) => new()
    {
        Id = "msg_1",
        Hook = "hook",
        Host = "host",
        Type = AlertTypes.Stop,
        Tenant = "acme",
        Payload = "{}",
        Owner = owner,
        CreatedAt = DateTimeOffset.UnixEpoch,
        KeepUntil = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };
}

using DbUp.Engine;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Storage;
using LlmGateway.Storage.Postgres;
using LlmGateway.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace LlmGateway.FunctionalTests.Storage;

public sealed class PostgresMigrationsTests
{
    [Fact]
    public async Task Nodes_that_start_at_once_bring_the_schema_up_once_and_all_can_use_it()
    {
        using var server = await PostgresServer.StartAsync();
        var nodes = Enumerable.Range(0, 4).Select(_ => Database(server.ConnectionString)).ToList();
        await Task.WhenAll(nodes.ConvertAll(node => Task.Run(async () =>
        {
            await using var connection = await PatientlyAsync(node);
            await using var command = new NpgsqlCommand("SELECT COUNT(*) FROM ledger", connection);
            Assert.Equal(0L, await command.ExecuteScalarAsync());
        })));
        Assert.Equal(PostgresMigrations.Scripts().Count, await server.ScalarAsync<long>("SELECT COUNT(*) FROM schema_versions"));
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Rows_of_a_time_are_found_by_an_index_of_every_partition_and_a_node_that_is_gone_holds_nothing()
    {
        using var server = await PostgresServer.StartAsync();
        await using var database = Database(server.ConnectionString);
        await using (var connection = await PatientlyAsync(database))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "SELECT COUNT(*) FROM pg_indexes WHERE tablename IN ('ledger', 'ledger_default') AND indexdef LIKE '%brin (started_at)%'";
            Assert.Equal(2L, await command.ExecuteScalarAsync());
            command.CommandText = "SELECT current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('tcp_keepalives_idle')";
            Assert.Equal("30s 10", await command.ExecuteScalarAsync());
            Assert.Equal(10, new NpgsqlConnectionStringBuilder(database.DataSource.ConnectionString).KeepAlive);
        }

        // What the operator says stands.
        await using var own = Database(server.ConnectionString + ";Keepalive=3;Options=-c idle_in_transaction_session_timeout=7s");
        await using var other = await PatientlyAsync(own);
        await using var question = new NpgsqlCommand("SHOW idle_in_transaction_session_timeout", other);
        Assert.Equal("7s", await question.ExecuteScalarAsync());
        Assert.Equal(3, new NpgsqlConnectionStringBuilder(own.DataSource.ConnectionString).KeepAlive);
    }

    [Fact]
    public async Task A_node_of_the_version_before_goes_on_with_a_newer_schema()
    {
        using var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        var scripts = PostgresMigrations.Scripts();
        await PostgresMigrations.ApplyAsync(source, [.. scripts, new SqlScript("9999-later.sql", "ALTER TABLE ledger ADD COLUMN later text")], NullLogger.Instance);

        await using var older = Database(server.ConnectionString);
        await using var connection = await older.OpenAsync(default);
        await using var command = new NpgsqlCommand("SELECT COUNT(*) FROM ledger", connection);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_node_of_the_version_before_adds_up_its_rows_without_what_answers_saved_and_parts_of_costs()
    {
        using var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        await PostgresMigrations.ApplyAsync(source, NullLogger.Instance);
        await using var command = source.CreateCommand(
            """
            INSERT INTO ledger_hourly (hour, node, tenant, project, key_id, route, deployment, provider, model, currency, requests, attempts, errors, cache_hits, input_tokens,
              cached_input_tokens, cache_write_tokens, output_tokens, reasoning_tokens, unpriced_attempts, estimated_attempts, cost, cache_saving)
            VALUES ('2026-11-20T10:00:00Z', 'older', 'acme', 'p', 'k', 'chat', 'd', 'p', 'm', 'USD', 1, 1, 0, 0, 10, 0, 0, 5, 0, 0, 0, 1.5, 0.25)
            """);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        Assert.Equal("0 0 0 -", await server.ScalarAsync<string>(
            "SELECT concat_ws(' ', saved_input_tokens, saved_output_tokens, saved_ms, COALESCE(answers_saved::text, '-')) FROM ledger_hourly"));
        Assert.Equal("0 0 0", await server.ScalarAsync<string>("SELECT concat_ws(' ', input_cost_nanos, other_cost_nanos, split_input_tokens) FROM ledger_hourly"));
    }

    [Fact]
    public async Task A_script_that_fails_leaves_the_database_as_it_was_and_says_which()
    {
        using var server = await PostgresServer.StartAsync();
        await using var source = NpgsqlDataSource.Create(server.ConnectionString);
        SqlScript[] scripts = [new("0001-good.sql", "CREATE TABLE good (a int)"), new("0002-bad.sql", "CREATE TABLE half (a int); SELECT nothing_like_it")];
        var error = await Assert.ThrowsAsync<StorageException>(() => PostgresMigrations.ApplyAsync(source, scripts, NullLogger.Instance));
        Assert.Contains("0002-bad.sql", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, await server.ScalarAsync<long>("SELECT COUNT(*) FROM pg_tables WHERE tablename IN ('good', 'half')"));
    }

    [Fact]
    public async Task What_is_away_is_said_within_the_bound_and_reached_as_soon_as_it_is_back()
    {
        using var server = PostgresServer.Prepare();
        var states = new DependencyStates();
        await using var database = Database(server.ConnectionString, states);
        await Assert.ThrowsAsync<PostgresUnavailableException>(() => database.OpenAsync(default).AsTask());
        Assert.Equal("postgres", states.Degraded);

        await server.RestartAsync();
        await using (await PatientlyAsync(database))
        {
            Assert.Null(states.Degraded);
        }

        server.Stop();
        var begin = Environment.TickCount64;
        await using (var second = Database(server.ConnectionString, states))
        {
            await Assert.ThrowsAsync<PostgresUnavailableException>(() => second.OpenAsync(default).AsTask());
        }

        // Two seconds; a busy machine adds some, but not what Npgsql waits for a connection by itself.
        Assert.InRange(Environment.TickCount64 - begin, 0, 10_000);
        server.Continue();
    }

    private static PostgresDatabase Database(string connection, DependencyStates? states = null) =>
        new(new Secret(connection), states ?? new DependencyStates(), NullLogger<PostgresDatabase>.Instance);

    /// <summary>A migration may take longer than one connection is waited for.</summary>
    private static async Task<NpgsqlConnection> PatientlyAsync(PostgresDatabase database)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (true)
        {
            try
            {
                return await database.OpenAsync(patience.Token);
            }
            catch (PostgresUnavailableException)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }
}

using LlmGateway.Catalog;
using LlmGateway.Telemetry;
using Npgsql;

namespace LlmGateway.Storage.Postgres;

/// <summary>
/// The database that nodes share, when there is one. It may be away at any time, at the start too: whoever asks for a connection waits
/// a bounded time for it, and the schema is brought up to this version by the first that gets one.
/// </summary>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    /// <summary>Its name among the dependencies.</summary>
    public const string Dependency = "postgres";

    /// <summary>How long a connection is waited for.</summary>
    public static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(2);

    private const int CommandSeconds = 10;
    private const int KeepaliveSeconds = 10;

    /// <summary>
    /// What the server does about a node that is gone without a word: its transactions end and with them their locks, which others wait for. As options
    /// of the start, since whatever is set later is reset when a connection goes back to the pool.
    /// </summary>
    private const string ServerOptions =
        "-c idle_in_transaction_session_timeout=30s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

    private readonly Lock _gate = new();
    private readonly NpgsqlDataSource? _source;
    private readonly DependencyStates _states;
    private readonly ILogger _logger;
    private readonly Func<NpgsqlDataSource, ILogger, Task> _migrate;
    private Task? _migration;

    /// <param name="connection">Connection string; null or empty where the gateway has SQLite only.</param>
    /// <param name="migrate">Brings the schema up; the scripts of <see cref="PostgresMigrations"/> when null.</param>
    /// <exception cref="StorageException">It is no connection string.</exception>
    public PostgresDatabase(
        Secret? connection, DependencyStates states, ILogger<PostgresDatabase> logger, Func<NpgsqlDataSource, ILogger, Task>? migrate = null)
    {
        _states = states;
        _logger = logger;
        _migrate = migrate ?? PostgresMigrations.ApplyAsync;
        if (connection is { IsEmpty: false })
        {
            _source = NpgsqlDataSource.Create(ConnectionString(connection));
        }
    }

    public bool IsConfigured => _source is not null;

    /// <summary>For what must be opened without waiting for the schema. Only where <see cref="IsConfigured"/>.</summary>
    public NpgsqlDataSource DataSource => _source ?? throw new InvalidOperationException("postgres.connection is not set");

    /// <summary>An open connection to a database that has this version's schema, or a newer one's.</summary>
    /// <exception cref="PostgresUnavailableException">Not within <see cref="OpenTimeout"/>.</exception>
    public async ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellation)
    {
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(OpenTimeout);
        try
        {
            await Migrated().WaitAsync(bounded.Token);
            var connection = await DataSource.OpenConnectionAsync(bounded.Token);
            Answers();
            return connection;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            throw Failed(error);
        }
    }

    /// <summary>It did what was asked of it.</summary>
    public void Answers()
    {
        if (_states.Set(Dependency, up: true))
        {
            _logger.PostgresAnswers();
        }
    }

    /// <summary>It did not; says so to all who look, and gives what to throw.</summary>
    public PostgresUnavailableException Failed(Exception error)
    {
        var unavailable = error as PostgresUnavailableException ?? PostgresUnavailableException.Of(error);
        if (_states.Set(Dependency, up: false, unavailable.Message))
        {
            _logger.PostgresDoesNotAnswer(unavailable.Message);
        }

        return unavailable;
    }

    public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Defaults that bound every wait, where the operator has not said otherwise.</summary>
    private static string ConnectionString(Secret connection)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connection.Reveal());
            builder.Timeout = builder.ShouldSerialize(nameof(builder.Timeout)) ? builder.Timeout : (int)OpenTimeout.TotalSeconds;
            builder.CommandTimeout = builder.ShouldSerialize("Command Timeout") ? builder.CommandTimeout : CommandSeconds;
            builder.KeepAlive = builder.ShouldSerialize("Keepalive") ? builder.KeepAlive : KeepaliveSeconds;
            builder.Options = string.IsNullOrEmpty(builder.Options) ? ServerOptions : builder.Options;
            builder.ApplicationName ??= "llmgateway";
            return builder.ConnectionString;
        }
        catch (ArgumentException)
        {
            // The error's own words may hold a part of the string, and so of the password.
            throw new StorageException("postgres.connection is no connection string: write Host=…;Port=5432;Database=…;Username=…;Password=…");
        }
    }

    /// <summary>One attempt at a time; one that failed is begun again by the next who asks.</summary>
    private Task Migrated()
    {
        lock (_gate)
        {
            if (_migration is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _migration = Task.Run(() => _migrate(DataSource, _logger));
            }

            return _migration;
        }
    }
}

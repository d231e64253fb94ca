using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Where the gateway listens and what it accepts.</summary>
internal sealed record ServerConfig
{
    [Setting("Addresses to listen on. Takes effect at the next start.", NotEmpty = true)]
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    [Setting("Largest request body; a larger one is answered with 413.", Min = "1KB", Max = "1GB")]
    public ByteSize MaxRequestBody { get; init; } = new(50L << 20);

    [Setting("Largest answer that is not streamed; a larger one fails as bad_gateway.", Min = "1KB", Max = "1GB")]
    public ByteSize MaxResponseBody { get; init; } = new(256L << 20);

    [Setting("How long a stopping gateway still takes requests after /readyz has turned false, for a balancer to notice.", Min = "0s", Max = "10m")]
    public TimeSpan Grace { get; init; }

    [Setting("How long a stopping gateway waits for requests in flight.", Min = "0s", Max = "1h")]
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>Where the gateway keeps what it writes.</summary>
internal sealed record DataConfig
{
    [Setting("Folder of the database and of the generated admin key, from the working directory. Takes effect at the next start.")]
    public string Path { get; init; } = "data";

    [Setting("Rows of the ledger are removed after this time; their sums by the hour stay. Without it they are kept for ever.", Min = "1d", Max = "36500d")]
    public TimeSpan? Retention { get; init; }

    [Setting("Disk that rows may take while they wait for PostgreSQL; beyond it requests are refused.", Min = "1MB")]
    public ByteSize MaxOutbox { get; init; } = new(10L << 30);

    [Setting("Free disk below which requests are refused, so that what is under way can still be booked.")]
    public ByteSize MinFree { get; init; } = new(128L << 20);
}

/// <summary>How much is logged.</summary>
internal enum LogVerbosity
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
}

/// <summary>How a log line looks.</summary>
internal enum LogFormat
{
    Text,
    Json,
}

/// <summary>What is logged, and how.</summary>
internal sealed record LoggingConfig
{
    [Setting("The least important messages that are still logged. Takes effect at the next start.")]
    public LogVerbosity Level { get; init; } = LogVerbosity.Information;

    [Setting("One line of text, or one JSON object a message. Takes effect at the next start.")]
    public LogFormat Format { get; init; } = LogFormat.Text;
}

/// <summary>Limits, budgets and caches that several nodes share.</summary>
internal sealed record RedisConfig
{
    [Setting("Connection string as ${env:NAME} or ${file:path}. Empty: everything is kept in process. Takes effect at the next start.")]
    public SecretSetting? Connection { get; init; }
}

/// <summary>The ledger of several nodes.</summary>
internal sealed record PostgresConfig
{
    [Setting("Connection string as ${env:NAME} or ${file:path}. Empty: SQLite only. Takes effect at the next start.")]
    public SecretSetting? Connection { get; init; }
}

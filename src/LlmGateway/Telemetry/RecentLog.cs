using System.Globalization;

namespace LlmGateway.Telemetry;

/// <summary>The last warnings and errors of the process, for those who ask what went wrong. Bounded in lines and their length.</summary>
internal sealed class RecentLog(TimeProvider time) : ILoggerProvider
{
    private const int MostLines = 1000;
    private const int LongestLine = 4000;

    private readonly Lock _gate = new();
    private readonly Queue<string> _lines = new();

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string category, EventId eventId, string message, Exception? exception)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{time.GetUtcNow().UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ} {level} {category}[{eventId.Id}] {message}{(exception is null ? "" : Environment.NewLine)}{exception}");
        lock (_gate)
        {
            if (_lines.Count == MostLines)
            {
                _lines.Dequeue();
            }

            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] + "…" : line);
        }
    }

    private sealed class Logger(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Add(logLevel, category, eventId, formatter(state, exception), exception);
            }
        }
    }
}

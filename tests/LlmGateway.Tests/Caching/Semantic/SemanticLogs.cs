using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Caching.Semantic;

/// <summary>Remembers what was logged.</summary>
internal sealed class SemanticLogs : ILoggerFactory, ILogger
{
    private readonly List<(int Id, string Text)> _messages = [];

    public IReadOnlyList<(int Id, string Text)> Messages => _messages;

    public int Count(int id) => _messages.Count(message => message.Id == id);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _messages.Add((eventId.Id, formatter(state, exception)));
}

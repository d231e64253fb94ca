using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Telemetry;

/// <summary>
/// What is logged, as it can be changed while the gateway runs: of all, and of categories by the beginning of their names. A restart goes back to
/// the configuration.
/// </summary>
internal sealed class LogLevels : IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>, IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, LogLevel> _categories = new(StringComparer.Ordinal);
    private CancellationTokenSource _change = new();
    private LogLevel _level;

    public LogLevels(LogLevel level) => _level = level;

    public string Name => Options.DefaultName;

    /// <summary>The least important level that is logged where no category says otherwise.</summary>
    public LogLevel Level
    {
        get
        {
            lock (_gate)
            {
                return _level;
            }
        }
    }

    /// <summary>Those that were set, by the beginning of their names.</summary>
    public IReadOnlyDictionary<string, LogLevel> Categories
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<string, LogLevel>(_categories, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Sets the level of a category, or of all where it is null; a null level takes that of a category back.</summary>
    public void Set(string? category, LogLevel? level)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            if (category is null)
            {
                _level = level ?? _level;
            }
            else if (level is { } set)
            {
                _categories[category] = set;
            }
            else
            {
                _categories.Remove(category);
            }

            before = _change;
            _change = new CancellationTokenSource();
        }

        before.Cancel();
        before.Dispose();
    }

    public void Configure(LoggerFilterOptions options)
    {
        lock (_gate)
        {
            options.MinLevel = _level;
            foreach (var (category, level) in _categories)
            {
                options.Rules.Add(new LoggerFilterRule(providerName: null, category, level, filter: null));
            }
        }
    }

    public IChangeToken GetChangeToken()
    {
        lock (_gate)
        {
            return new CancellationChangeToken(_change.Token);
        }
    }

    public void Dispose() => _change.Dispose();
}

using System.Collections.Concurrent;
using LlmGateway.Catalog;

namespace LlmGateway.Limits;

/// <summary>
/// How long an answer may become whose client set no bound: as the route says, else some times the longest that it had lately, so that no answer
/// is cut that anybody has seen the like of.
/// </summary>
internal sealed class OutputBounds
{
    private const int Times = 4;
    private const long Least = 8192;
    private const long Unlearned = 16384;

    /// <summary>How fast the longest answer is forgotten: by half in about 700 answers.</summary>
    private const double Decay = 0.999;

    private readonly ConcurrentDictionary<string, Longest> _byRoute = new(StringComparer.Ordinal);

    /// <param name="most">The longest that any deployment of the plan can; null where that is not known.</param>
    public long Of(Route route, long? most)
    {
        var bound = route.MaxOutput ?? Learned(route.Name);
        return most < bound ? most.Value : bound;
    }

    /// <summary>An answer that was not cut had so many tokens.</summary>
    public void Add(string route, long tokens) => _byRoute.GetOrAdd(route, static _ => new Longest()).Add(tokens);

    private long Learned(string route) =>
        _byRoute.TryGetValue(route, out var longest) ? Math.Max(Least, (long)(longest.Tokens * Times)) : Unlearned;

    private sealed class Longest
    {
        private double _tokens;

        public double Tokens => Volatile.Read(ref _tokens);

        // Two at once may lose one of them; the next answer makes up for it.
        public void Add(long tokens) => Volatile.Write(ref _tokens, Math.Max(tokens, Tokens * Decay));
    }
}

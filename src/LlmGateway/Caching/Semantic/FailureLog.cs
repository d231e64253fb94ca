namespace LlmGateway.Caching.Semantic;

/// <summary>Lets one message a minute through: what fails for one request may fail for each.</summary>
internal sealed class FailureLog(TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private long? _last;
    private long _more;

    /// <summary>Whether to speak now.</summary>
    /// <param name="more">How often it was not, since the last time.</param>
    public bool MaySpeak(out long more)
    {
        lock (_gate)
        {
            more = _more;
            if (_last is { } last && time.GetElapsedTime(last) < Quiet)
            {
                _more++;
                return false;
            }

            (_last, _more) = (time.GetTimestamp(), 0);
            return true;
        }
    }
}

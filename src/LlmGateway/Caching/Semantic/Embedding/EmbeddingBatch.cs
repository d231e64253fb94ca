namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Texts that go in one call. Its owner locks until it is sent.</summary>
internal sealed class EmbeddingBatch(EmbeddingContext context, long openedAt) : IDisposable
{
    private readonly List<string> _texts = [];
    private readonly List<TextKey> _keys = [];
    private readonly List<TaskCompletionSource<EmbeddingResult>> _answers = [];
    private EmbeddingResult[]? _results;

    public EmbeddingContext Context { get; } = context;

    /// <summary>Timestamp; all that wait count from it.</summary>
    public long OpenedAt { get; } = openedAt;

    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Sends it when nobody else comes.</summary>
    public ITimer? Window { get; set; }

    /// <returns>The answer to come, for all that ask for the same text.</returns>
    public Task<EmbeddingResult> Join(string text, TextKey key)
    {
        var at = _keys.IndexOf(key);
        if (at < 0)
        {
            at = _keys.Count;
            _texts.Add(text);
            _keys.Add(key);
            _answers.Add(new TaskCompletionSource<EmbeddingResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        return _answers[at].Task;
    }

    public TextKey KeyOf(int index) => _keys[index];

    /// <summary>What came of each text. Nobody hears of it yet.</summary>
    public void Answered(EmbeddingResult[] results) => Volatile.Write(ref _results, results);

    /// <summary>Tells all that wait.</summary>
    /// <param name="gap">For those without an answer.</param>
    public void Finish(EmbeddingGap gap)
    {
        var results = Volatile.Read(ref _results);
        for (var i = 0; i < _answers.Count; i++)
        {
            _answers[i].TrySetResult(results is null ? EmbeddingResult.Without(gap) : results[i]);
        }
    }

    public void Dispose() => Window?.Dispose();
}

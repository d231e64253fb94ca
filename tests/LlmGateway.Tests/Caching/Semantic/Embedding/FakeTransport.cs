using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>A model whose answers a test holds back, spoils or leaves out.</summary>
internal sealed class FakeTransport : IEmbeddingTransport
{
    private readonly Lock _gate = new();
    private readonly List<Call> _calls = [];

    /// <summary>What it answers at once; null to leave it to the test.</summary>
    public Func<IReadOnlyList<string>, IReadOnlyList<float[]>?>? Answers { get; set; }

    /// <summary>Why, where it answers with nothing.</summary>
    public EmbeddingGap Gap { get; set; } = EmbeddingGap.Failed;

    public Call[] Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Of four dimensions, not of unit length, different for texts that are different.</summary>
    public static float[] VectorOf(string text) => [3f, text.Length, text.Sum(one => one) % 97, text[0]];

    public static IReadOnlyList<float[]> VectorsOf(IReadOnlyList<string> texts) => [.. texts.Select(VectorOf)];

    public async ValueTask<EmbeddingReply> EmbedAsync(IReadOnlyList<string> inputs, EmbeddingContext context, CancellationToken cancellation)
    {
        var call = new Call([.. inputs], context, cancellation, new TaskCompletionSource<IReadOnlyList<float[]>?>());
        lock (_gate)
        {
            _calls.Add(call);
        }

        var vectors = Answers is { } answers ? answers(inputs) : await call.Answer.Task.WaitAsync(cancellation);
        return vectors is null ? EmbeddingReply.Without(Gap) : EmbeddingReply.Of(vectors);
    }

    internal sealed record Call(string[] Inputs, EmbeddingContext Context, CancellationToken Cancellation, TaskCompletionSource<IReadOnlyList<float[]>?> Answer);
}

using LlmGateway.Caching.Semantic.Embedding;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>An embedder over a fake model, in a time that passes when a test says so.</summary>
internal sealed class EmbedderRig
{
    public static readonly EmbeddingContext Acme = new("acme", "search", "key_1");

    public EmbedderRig(BatchingOptions? options = null)
    {
        Options = options ?? new BatchingOptions { Id = "fake", Dimensions = 4, MostInputs = 3 };
        Embedder = new BatchingEmbedder(Transport, Options, Time, NullLogger<BatchingEmbedder>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public FakeTransport Transport { get; } = new();

    public BatchingOptions Options { get; }

    public BatchingEmbedder Embedder { get; }

    public Task<EmbeddingResult> Ask(string text, EmbeddingContext? context = null, CancellationToken cancellation = default) =>
        Embedder.EmbedAsync(text, context ?? Acme, cancellation).AsTask();

    /// <summary>One text, in a call of its own.</summary>
    public async Task<EmbeddingResult> AskAlone(string text)
    {
        var answer = Ask(text);
        Time.Advance(Options.Window);
        return await answer;
    }
}

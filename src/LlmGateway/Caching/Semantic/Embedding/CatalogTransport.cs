using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.OpenAI.Answers;
using LlmGateway.Upstream;

namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Asks a deployment of the catalog for vectors, as <c>POST /v1/embeddings</c>.</summary>
internal sealed class CatalogTransport(IAside aside, Deployment deployment, BatchingOptions options) : IEmbeddingTransport
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Some models have vectors of but one length, and refuse to be told.</summary>
    private volatile bool _namesDimensions = true;

    public async ValueTask<EmbeddingReply> EmbedAsync(IReadOnlyList<string> inputs, EmbeddingContext context, CancellationToken cancellation)
    {
        var named = _namesDimensions;
        var answer = await AskAsync(inputs, context, named);
        if (answer.Fault is not AsideFault.Rejected || !named)
        {
            return Read(answer);
        }

        var reply = Read(await AskAsync(inputs, context, names: false));
        if (reply.Vectors is [var vector, ..] && vector.Length == options.Dimensions)
        {
            // It was that, and not the texts.
            _namesDimensions = false;
        }

        return reply;
    }

    // The call has its own deadline. Cancelled by the caller's it would be the caller's leaving, and tell health nothing of a provider that is slow.
    private ValueTask<AsideAnswer> AskAsync(IReadOnlyList<string> inputs, EmbeddingContext context, bool names) => aside.AskAsync(
        new AsideCall
        {
            Deployment = deployment,
            Endpoint = EndpointKind.Embeddings,
            Body = Body(inputs, names),
            Cause = AttemptCause.Embedding,
            Payer = context.Payer,
            Deadline = options.CallTimeout,
        },
        CancellationToken.None);

    private ReadOnlyMemory<byte> Body(IReadOnlyList<string> inputs, bool names)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(body, Plain);
        json.WriteStartObject();
        json.WriteString("model"u8, deployment.Name);
        json.WriteStartArray("input"u8);
        foreach (var input in inputs)
        {
            json.WriteStringValue(input);
        }

        json.WriteEndArray();
        if (names)
        {
            json.WriteNumber("dimensions"u8, options.Dimensions);
        }

        json.WriteString("encoding_format"u8, "float"u8);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }

    private static EmbeddingReply Read(in AsideAnswer answer)
    {
        if (answer.Fault is not AsideFault.None)
        {
            return EmbeddingReply.Without(GapOf(answer.Fault));
        }

        if (!EmbeddingAnswer.TryRead(answer.Body.Span, out var read))
        {
            return EmbeddingReply.Without(EmbeddingGap.Failed);
        }

        var vectors = new float[read.Vectors.Count][];
        for (var i = 0; i < vectors.Length; i++)
        {
            if (VectorJson.Read(read.Vectors[i].Value.In(answer.Body.Span)) is not { } vector)
            {
                return EmbeddingReply.Without(EmbeddingGap.Failed);
            }

            vectors[i] = vector;
        }

        return EmbeddingReply.Of(vectors);
    }

    private static EmbeddingGap GapOf(AsideFault fault) => fault switch
    {
        AsideFault.Resting => EmbeddingGap.Resting,
        AsideFault.Failed => EmbeddingGap.Failed,
        AsideFault.Late => EmbeddingGap.Late,
        _ => EmbeddingGap.Refused,
    };
}

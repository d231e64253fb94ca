using System.Collections.Frozen;
using System.Text.Json;
using LlmGateway.Caching.Semantic.Embedding;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

/// <summary>An embedder over a deployment whose answers a test makes up.</summary>
internal sealed class CatalogRig
{
    public static readonly Deployment Deployment = new()
    {
        Name = "p/embed",
        Provider = new Provider { Name = "p", Dialect = Dialect.OpenAI, BaseUrl = new Uri("http://127.0.0.1:9/v1") },
        Model = "embed-1",
        PriceName = "p/embed",
    };

    public static readonly EmbeddingContext Acme = new("acme", "search", "key_1", "chat", "ann", """{"team":"red"}""");

    public CatalogRig(Func<AsideCall, AsideAnswer>? answer = null, int dimensions = 3)
    {
        Aside = new FakeAside(answer ?? Floats);
        Embedder = new CatalogEmbedders(Aside, Source, Time, NullLogger<BatchingEmbedder>.Instance).Create(Deployment, dimensions);
    }

    public FakeTimeProvider Time { get; } = new();

    public FakeAside Aside { get; }

    public Snapshots Source { get; } = new();

    public IEmbedder Embedder { get; }

    public static JsonElement Body(AsideCall call) => JsonDocument.Parse(call.Body).RootElement;

    /// <summary>A vector of three for each text, as numbers.</summary>
    public static AsideAnswer Floats(AsideCall call) => Of(Texts(call).Select(text => $"[{text.Length},1,0.5]"));

    /// <summary>The same in base64.</summary>
    public static AsideAnswer Base64(AsideCall call) =>
        Of(Texts(call).Select(text => $"\"{Convert.ToBase64String([.. new[] { text.Length, 1, 0.5f }.SelectMany(BitConverter.GetBytes)])}\""));

    public static AsideAnswer Of(IEnumerable<string> vectors)
    {
        var data = string.Join(',', vectors.Select((vector, index) => $$"""{"object":"embedding","index":{{index}},"embedding":{{vector}} }"""));
        return AsideAnswer.Of(System.Text.Encoding.UTF8.GetBytes(
            $$"""{"object":"list","data":[{{data}}],"model":"embed-1","usage":{"prompt_tokens":5,"total_tokens":5} }"""));
    }

    public static string[] Texts(AsideCall call) => [.. Body(call).GetProperty("input").EnumerateArray().Select(text => text.GetString()!)];

    /// <summary>Asks for all at once, and lets the window pass.</summary>
    public async Task<EmbeddingResult[]> Ask(EmbeddingContext context, params string[] texts)
    {
        var asked = texts.Select(text => Embedder.EmbedAsync(text, context, CancellationToken.None).AsTask()).ToArray();
        Time.Advance(TimeSpan.FromMilliseconds(2));
        return await Task.WhenAll(asked);
    }

    /// <summary>Tenant acme, whose consent a test takes back.</summary>
    internal sealed class Snapshots : ISnapshotSource
    {
        public event Action<Snapshot>? Changed
        {
            add { }
            remove { }
        }

        public bool Consent { get; set; } = true;

        public Snapshot Current => new()
        {
            Version = 1,
            LoadedAt = default,
            Server = new ServerSettings([], 1, 1, TimeSpan.Zero),
            Providers = FrozenDictionary<string, Provider>.Empty,
            Deployments = FrozenDictionary<string, Deployment>.Empty,
            Routes = FrozenDictionary<string, Route>.Empty,
            Prices = new PriceBook([]),
            Tenants = new[] { new Tenant("acme", null, FrozenDictionary<string, Project>.Empty) { SemanticConsent = Consent } }.ToFrozenDictionary(tenant => tenant.Name),
            Keys = [],
        };
    }
}

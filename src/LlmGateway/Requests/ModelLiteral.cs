using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Requests;

/// <summary>The model name of a deployment as a JSON string, made once: it goes into every request to it.</summary>
internal static class ModelLiteral
{
    // Keyed by identity and weak: a reload makes new deployments, and the old ones go with their snapshot.
    private static readonly ConditionalWeakTable<Deployment, byte[]> Literals = [];

    public static ReadOnlyMemory<byte> Of(Deployment deployment) => Literals.GetValue(deployment, static d => Encode(d.Model));

    /// <summary>Quotes and escapes; what JSON lets stand is left as it is.</summary>
    public static byte[] Encode(string model) =>
        [(byte)'"', .. JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];
}

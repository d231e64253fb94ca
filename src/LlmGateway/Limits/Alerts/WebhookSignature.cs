using System.Security.Cryptography;
using System.Text;
using LlmGateway.Catalog;

namespace LlmGateway.Limits.Alerts;

/// <summary>The signature of Standard Webhooks: HMAC-SHA256 over id, time and body, with full stops between.</summary>
internal static class WebhookSignature
{
    private const string Version = "v1,";

    /// <param name="timestamp">Unix seconds of this attempt, as the header has them.</param>
    public static string Of(Secret secret, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Webhook.KeyOf(secret)!);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return Version + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}

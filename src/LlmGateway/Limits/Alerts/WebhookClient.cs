using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LlmGateway.Catalog;

namespace LlmGateway.Limits.Alerts;

/// <summary>Posts to webhooks. Where they are is the operator's choice, private addresses among it; where they send us is not: no redirect is followed.</summary>
internal sealed class WebhookClient(AlertOptions options, TimeProvider time) : IDisposable
{
    private const int MostOfAnswer = 16 * 1024;
    private const int MostOfHead = 16;

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = options.Timeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        MaxResponseHeadersLength = MostOfHead,

        // Nobody reads an answer's body: so much of it is taken off the connection for the next delivery, and for more it is closed.
        MaxResponseDrainSize = MostOfAnswer,
        ActivityHeadersPropagator = null,
    });

    public async ValueTask<WebhookAnswer> SendAsync(Webhook webhook, Delivery delivery, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(options.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var request = Request(webhook, delivery);
        try
        {
            using var response = await _client.SendAsync(request, either.Token);
            return new WebhookAnswer((int)response.StatusCode, null, RetryAfter(response.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new WebhookAnswer(null, "timeout", null);
        }
        catch (HttpRequestException error)
        {
            return new WebhookAnswer(null, JsonNamingPolicy.SnakeCaseLower.ConvertName(error.HttpRequestError.ToString()), null);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Webhook webhook, Delivery delivery)
    {
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        request.Headers.Add("user-agent", "llmgateway");
        request.Headers.Add("webhook-id", delivery.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", WebhookSignature.Of(webhook.Secret, delivery.Id, timestamp, body));
        return request;
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) => header switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } => date - time.GetUtcNow(),
        _ => null,
    };
}

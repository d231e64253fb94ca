using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace LlmGateway.Admin;

/// <summary>What the command line asks of a running gateway.</summary>
/// <param name="Url">Where it listens, without a path.</param>
internal sealed record AdminCall(Uri Url, string Key)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The key of the environment, else the one that the gateway wrote to its data folder.</summary>
    public static (string? Key, string? Problem) FindKey(string dataFolder)
    {
        if (Environment.GetEnvironmentVariable(AdminKey.EnvironmentVariable) is { Length: > 0 } key)
        {
            return (key.Trim(), null);
        }

        var path = Path.Combine(dataFolder, AdminKey.FileName);
        try
        {
            return (File.ReadAllText(path).Trim(), null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return (null, $"{path}: the admin key cannot be read. Set {AdminKey.EnvironmentVariable}, or name the data folder of the gateway with --data.");
        }
    }

    /// <summary>The answer; or in one line why there is none.</summary>
    /// <param name="body">Sent as POST; null for GET.</param>
    public async Task<(byte[]? Answer, string? Problem)> SendAsync(string path, byte[]? body, CancellationToken cancellation)
    {
        using var client = new HttpClient { Timeout = Patience };
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, new Uri(Url, $"{AdminEndpoints.Root}/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            using var answer = await client.SendAsync(request, cancellation);
            var bytes = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return answer.IsSuccessStatusCode ? (bytes, null) : (null, MessageOf(bytes) ?? $"{Url}: answered {(int)answer.StatusCode}, which is no answer of a gateway. Name its address with --url.");
        }
        catch (HttpRequestException error)
        {
            return (null, $"{Url}: no gateway can be reached there: {error.Message.ReplaceLineEndings(" ").TrimEnd('.')}. Start it, or name its address with --url.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (null, $"{Url}: no answer within {Patience.TotalSeconds:0} seconds.");
        }
    }

    private static string? MessageOf(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(Encoding.UTF8.GetString(body));
            return document.RootElement.GetProperty("error").GetProperty("message").GetString();
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }
}

using System.IO.Compression;
using System.Text.Json;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Admin;

public class SupportBundleTests
{
    [Fact]
    public async Task It_has_what_somebody_needs_who_is_asked_for_help()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string> { ["fails"] = "status=503" });
        await using var gateway = await TestGateway.StartAsync(configuration);
        await gateway.ChatAsync();
        await gateway.ChatAsync(model: "fails");
        await gateway.ScrapeUntilAsync(static scrape => scrape.Sum("llmgateway_requests_total") == 2);

        var files = await ReadAsync(gateway);

        Assert.Equal(["about.json", "configuration.json", "deployments.json", "exchanges.jsonl", "log.txt", "metrics.txt", "readiness.json"], files.Keys.Order(StringComparer.Ordinal));
        Assert.Contains("gateway.db", JsonDocument.Parse(files["about.json"]).RootElement.GetProperty("files").EnumerateObject().Select(static file => file.Name));
        Assert.Equal("ready", JsonDocument.Parse(files["readiness.json"]).RootElement.GetProperty("status").GetString());
        Assert.Contains("${file:acme.key}", files["configuration.json"], StringComparison.Ordinal);
        Assert.Equal(["fails", "chat"], files["exchanges.jsonl"].Trim().Split('\n').Select(static line => JsonDocument.Parse(line).RootElement.GetProperty("route").GetString()));
        Assert.Contains("llmgateway_requests_total{", files["metrics.txt"], StringComparison.Ordinal);
    }

    /// <summary>The files of a bundle by name.</summary>
    internal static async Task<Dictionary<string, string>> ReadAsync(TestGateway gateway)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "admin/v1/support-bundle");
        request.Headers.Authorization = new("Bearer", new AdminClient(gateway).Key);
        using var answer = await gateway.Client.SendAsync(request, gateway.Soon);
        Assert.Equal("application/zip", answer.Content.Headers.ContentType?.MediaType);
        var archive = new ZipArchive(await answer.Content.ReadAsStreamAsync(gateway.Soon));
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(entry.Open());
            files[entry.FullName] = await reader.ReadToEndAsync(gateway.Soon);
        }

        return files;
    }
}

using System.Net;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Simulator;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>The ledger's files cannot grow any more: nothing is sent that could not be booked.</summary>
[Collection(Heavy.Name)]
public class DiskFullTests
{
    private const long Room = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    [Fact]
    public async Task Without_room_requests_are_refused_before_they_are_sent_and_with_room_again_nothing_is_missing()
    {
        using var patience = new CancellationTokenSource(Patience);
        await using var simulator = await SimulatorHost.StartAsync(
            new SimulatorOptions { AnyModel = true, RequestLogCapacity = 1_000_000, RequestLogBodyBytes = 0 }, cancellationToken: patience.Token);
        using var configuration = new TestConfiguration().WithUpstream(simulator.BaseAddress);
        var answered = new List<string>();
        using (var gateway = await GatewayProcess.StartAsync(configuration, patience.Token))
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync());
            var log = new FileInfo(Path.Combine(configuration.DataFolder, "gateway.db-wal"));
            await gateway.LimitFilesAsync(log.Length + Room);

            HttpStatusCode status;
            while ((status = await AskAsync()) == HttpStatusCode.OK)
            {
            }

            // Refused from now on, and what is refused was not sent.
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            var sent = simulator.Requests.Snapshot().Count;
            for (var request = 0; request < 20; request++)
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync());
            }

            Assert.Equal(sent, simulator.Requests.Snapshot().Count);
            Assert.False(gateway.HasExited, gateway.Output);
            using (var ready = await gateway.Client.GetAsync(new Uri("readyz", UriKind.Relative), patience.Token))
            {
                Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
            }

            await gateway.LimitFilesAsync(null);
            while (await AskAsync() != HttpStatusCode.OK)
            {
                patience.Token.ThrowIfCancellationRequested();
            }

            await gateway.KillAsync();

            async Task<HttpStatusCode> AskAsync()
            {
                var id = $"full-{Guid.NewGuid():N}";
                using var request = new HttpRequestMessage(HttpMethod.Post, "v1/chat/completions")
                {
                    Content = new StringContent(TestGateway.ChatBody(model: "down"), null, "application/json"),
                    Headers = { { "x-request-id", id }, { "x-client-request-id", id } },
                };
                using var response = await gateway.Client.SendAsync(request, patience.Token);
                if (response.IsSuccessStatusCode)
                {
                    answered.Add(id);
                }
                else
                {
                    Assert.Equal("ledger_unavailable", (await TestGateway.ErrorAsync(response)).GetProperty("code").GetString());
                    Assert.Equal("1", Assert.Single(response.Headers.GetValues("retry-after")));
                }

                return response.StatusCode;
            }
        }

        await using var after = await TestGateway.StartAsync(configuration);
        var booked = after.Rows().Select(row => (string)row["request_id"]!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(answered.Order(StringComparer.Ordinal), booked);
        Assert.Equal(simulator.Requests.Snapshot().Count, booked.Count);
        Assert.All(after.Rows(), row => Assert.Equal("measured", row["usage_source"]));
    }
}

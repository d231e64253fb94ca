using System.Net.Sockets;
using System.Text;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Failover;

/// <summary>A client that reads slowly holds its provider back, loses nothing, and is no fault of the provider.</summary>
public sealed class SlowReaderTests
{
    [Fact]
    public async Task The_provider_stands_still_and_the_client_gets_all_of_it_from_one_attempt()
    {
        var written = 0;
        const int Events = 4000;
        var filler = new string('x', 4000);
        await using var rig = await FailoverRig.StartAsync(
            [("a", async (call, _) =>
            {
                await call.WriteAsync(ScriptedUpstream.Head("text/event-stream"));
                for (var i = 0; i < Events; i++)
                {
                    await call.WriteAsync(Providers.Chunk($"{{\"content\":\"{filler}\"}}"));
                    Volatile.Write(ref written, i + 1);
                }

                await call.WriteAsync(Providers.Chunk("{}", finish: "\"stop\"") + "data: [DONE]\n\n");
            }, ""), ("b", (call, _) => Providers.Streams(call, id: "c-2"), "")]);
        using var socket = await SlowClient.AskAsync(rig, "\"stream\":true");

        // Nothing is read: the provider stands still once the buffers between are full, long before the end of 17 MB.
        await SlowClient.UntilStillAsync(() => Volatile.Read(ref written), rig.Gateway.Soon);
        Assert.InRange(Volatile.Read(ref written), 1, Events - 1);

        // It is the client that is waited for: the limit between events does not hold.
        rig.Time.Advance(TimeSpan.FromSeconds(60));

        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = await reader.ReadToEndAsync(rig.Gateway.Soon);
        Assert.StartsWith("HTTP/1.1 200 ", text, StringComparison.Ordinal);
        Assert.Contains("x-gateway-attempts: 1\r\n", text, StringComparison.Ordinal);
        Assert.Contains("data: [DONE]", text, StringComparison.Ordinal);
        Assert.Equal(Events, text.Split(filler).Length - 1);
        rig.Expect("a", [], "a primary 200 ok");
    }
}

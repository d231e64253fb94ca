using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Sdk;

public class NodeSdkTests
{
    /// <summary>Node/sdk.test.mjs has a test for each thing an application does; this one runs it against a real gateway.</summary>
    [Fact]
    public async Task The_official_npm_SDK_works_unmodified()
    {
        using var configuration = SdkConfiguration.Create();
        await using var gateway = await TestGateway.StartAsync(configuration);

        await NodeScript.RunAsync("sdk.test.mjs", gateway.BaseUrl, TestConfiguration.Key, gateway.Soon);
    }
}

using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public class GatewayPathsTests
{
    [Fact]
    public void An_address_that_is_empty_is_none_so_the_configuration_decides() =>
        Assert.Empty(GatewayPaths.Resolve("gateway.yaml", "data", ["", " "]).Urls);
}

using System.CommandLine;
using LlmGateway.LoadTests.Scenarios;

namespace LlmGateway.LoadTests.Cli;

/// <summary>The options that measure something already running instead of starting it.</summary>
internal sealed class TargetSettings
{
    private readonly Option<string> _model = new("--model")
    {
        Description = "The model asked of the simulator; paced streams append !first=…,pace=… to it.",
        DefaultValueFactory = _ => "sim-small",
    };

    private readonly Option<Uri?> _simulatorUrl = UrlOption.Create("--simulator-url", "A simulator that runs already.");
    private readonly Option<int?> _simulatorPid = new("--simulator-pid") { Description = "Its process, for CPU and memory.", HelpName = "pid" };
    private readonly Option<Uri?> _forwarderUrl = UrlOption.Create("--forwarder-url", "A yardstick that runs already.");
    private readonly Option<int?> _forwarderPid = new("--forwarder-pid") { Description = "Its process.", HelpName = "pid" };
    private readonly Option<Uri?> _gatewayUrl = UrlOption.Create(
        "--gateway-url", "A gateway that runs already, with routes bench (to the model) and bench-streams (to the paced model).");

    private readonly Option<int?> _gatewayPid = new("--gateway-pid") { Description = "Its process.", HelpName = "pid" };
    private readonly Option<string?> _gatewayKey = new("--gateway-key")
    {
        Description = "Its virtual key. [default: $LOADTEST_GATEWAY_KEY]",
        HelpName = "key",
    };

    private readonly Option<bool> _withoutGateway = new("--without-gateway") { Description = "Only simulator and forwarder." };

    public IEnumerable<Option> Options =>
        [_model, _simulatorUrl, _simulatorPid, _forwarderUrl, _forwarderPid, _gatewayUrl, _gatewayPid, _gatewayKey, _withoutGateway];

    public RunOptions Apply(ParseResult parsed, RunOptions options) => options with
    {
        Model = parsed.GetRequiredValue(_model),
        SimulatorUrl = parsed.GetValue(_simulatorUrl),
        SimulatorPid = parsed.GetValue(_simulatorPid),
        ForwarderUrl = parsed.GetValue(_forwarderUrl),
        ForwarderPid = parsed.GetValue(_forwarderPid),
        GatewayUrl = parsed.GetValue(_gatewayUrl),
        GatewayPid = parsed.GetValue(_gatewayPid),
        GatewayKey = parsed.GetValue(_gatewayKey) ?? Environment.GetEnvironmentVariable("LOADTEST_GATEWAY_KEY"),
        WithoutGateway = parsed.GetValue(_withoutGateway),
    };
}

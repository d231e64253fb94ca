using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Validation;

/// <summary>Where traces go is an address that can be called.</summary>
internal sealed class TelemetryRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        var path = ConfigValidator.Section("telemetry").Then("otlp");
        if (context.IsWritten(path) && config.Telemetry.Otlp is { Length: > 0 } address && !IsAddress(address))
        {
            context.Error(path, $"{Shown.Text(address)} is not an address to send traces to", "write one such as http://127.0.0.1:4317, without user, query and fragment");
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0 && url.Fragment.Length == 0;
}

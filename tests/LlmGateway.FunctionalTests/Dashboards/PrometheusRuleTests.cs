using System.Diagnostics;
using System.Text.RegularExpressions;
using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Dashboards;

/// <summary>The rules of <c>config/prometheus</c>, by promtool.</summary>
public sealed partial class PrometheusRuleTests
{
    private static string Folder => Path.Combine(Readme.Root, "config", "prometheus");

    [Theory]
    [InlineData("check", "config", "prometheus.yml")]
    [InlineData("check", "rules", "recording.yml")]
    [InlineData("check", "rules", "alerts.yml")]
    [InlineData("test", "rules", "alerts.test.yml")]
    [InlineData("test", "rules", "alerts.days.test.yml")]
    public async Task Promtool_has_nothing_to_say_against_them(string what, string kind, string file)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", [what, kind, file])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = promtool.StandardOutput.ReadToEndAsync();
        var errors = promtool.StandardError.ReadToEndAsync();
        await promtool.WaitForExitAsync();

        Assert.True(promtool.ExitCode == 0, await output + await errors);
        Assert.Contains("SUCCESS", await output, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_alert_has_a_severity_a_meaning_a_test_of_its_own_and_a_runbook_that_is_there()
    {
        var alerts = Alert().Split(File.ReadAllText(Path.Combine(Folder, "alerts.yml"))).Skip(1).ToArray();
        var tests = string.Concat(Directory.GetFiles(Folder, "*.test.yml").Select(File.ReadAllText));
        var readme = File.ReadAllText(Path.Combine(Readme.Root, "config", "README.md"));

        Assert.True(alerts.Length >= 15);
        Assert.All(alerts, alert =>
        {
            var name = alert[..alert.IndexOf('\n', StringComparison.Ordinal)].Trim();
            Assert.Matches("severity: (page|ticket) ", alert);
            Assert.Contains("meaning: ", alert, StringComparison.Ordinal);
            Assert.Contains($"alertname: {name}\n", tests, StringComparison.Ordinal);
            var runbook = Runbook().Match(alert).Groups[1].Value;
            Assert.Contains(Heading().Matches(readme), heading => heading.Groups[1].Value.Equals(runbook, StringComparison.OrdinalIgnoreCase));
        });
    }

    [GeneratedRegex(@"^ +- alert: ", RegexOptions.Multiline)]
    private static partial Regex Alert();

    [GeneratedRegex(@"runbook: config/README\.md#(\w+)")]
    private static partial Regex Runbook();

    [GeneratedRegex(@"^### (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

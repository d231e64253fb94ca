using System.IO.Enumeration;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

/// <summary>Addresses that can be posted to, secrets that cannot be guessed, and events that there are.</summary>
internal sealed class WebhookRules(GatewayConfig config, ReadContext context)
{
    // Standard Webhooks asks for 192 bits.
    private const int ShortestKey = 24;

    /// <summary>The address of a webhook; null for what cannot be posted to.</summary>
    public static Uri? AddressOf(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
        && address.Host.Length > 0 && address.UserInfo.Length == 0 && address.Fragment.Length == 0 ? address : null;

    public void Check()
    {
        var seen = new Dictionary<string, SettingPath>(StringComparer.Ordinal);
        for (var i = 0; i < config.Webhooks.Count; i++)
        {
            var webhook = config.Webhooks[i];
            var path = ConfigValidator.Section("webhooks").At(i);
            if (webhook.Url.Length > 0)
            {
                CheckUrl(webhook.Url, path.Then("url"), seen);
            }

            if (webhook.Secret is { } secret)
            {
                CheckSecret(secret, path.Then("secret"));
            }

            CheckEvents(webhook.Events, path.Then("events"));
        }
    }

    // The address is not repeated: those of some receivers hold a secret.
    private void CheckUrl(string url, SettingPath path, Dictionary<string, SettingPath> seen)
    {
        if (AddressOf(url) is not { } address)
        {
            context.Error(path, "the value is not an http or https address without user and fragment", "write one such as https://hooks.example.com/budgets");
        }
        else if (!seen.TryAdd(address.AbsoluteUri, path))
        {
            context.Error(path, "another webhook has the same address, and would send the same events", $"join the two; the other is at {context.ValueAt(seen[address.AbsoluteUri])}");
        }
    }

    private void CheckSecret(SecretSetting secret, SettingPath path)
    {
        if (secret.Value.IsEmpty)
        {
            context.Problems.Warning(
                context.ValueAt(path), path, $"{secret.Reference} is not set, so the webhook is left out", "set the variable, or remove the webhook");
        }
        else if (Webhook.KeyOf(secret.Value) is not { } key)
        {
            context.Error(path, "what follows whsec_ is not base64", "write whsec_ with base64 behind it, or a secret that does not begin so");
        }
        else if (key.Length < ShortestKey)
        {
            context.Error(path, $"the secret is shorter than {ShortestKey} bytes", "use a longer one, such as whsec_ and the output of: openssl rand -base64 32");
        }
    }

    private void CheckEvents(IReadOnlyList<string> events, SettingPath path)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var pattern = events[i];
            if (pattern.Length > 0 && !AlertTypes.Wanted.Any(type => FileSystemName.MatchesSimpleExpression(pattern, type, ignoreCase: false)))
            {
                context.Error(
                    path.At(i), $"no event matches {Shown.Text(pattern)}",
                    Suggestion.For(pattern, AlertTypes.Wanted, "write some of " + string.Join(", ", AlertTypes.Wanted) + ", or globs"));
            }
        }
    }
}

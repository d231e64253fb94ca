using LlmGateway.Catalog;

namespace LlmGateway.Tests.Configuration;

public sealed class WebhookTests
{
    private const string Long = "a secret of twenty-four bytes";

    [Fact]
    public void A_webhook_has_everything_of_everybody_unless_it_says_otherwise()
    {
        using var folder = Folder("""
            webhooks:
              - { url: "https://hooks.example.com/a?b=c", secret: "${env:SECRET}" }
              - { url: "http://10.0.0.7:9000/b", secret: "${env:STANDARD}", events: ["budget.*"], tenants: [acme, "glob*"] }
            """);
        var loaded = folder.Load();
        Assert.Empty(loaded.Problems);
        var webhooks = loaded.Snapshot!.Webhooks;
        Assert.Equal(["https://hooks.example.com/a?b=c", "http://10.0.0.7:9000/b"], webhooks.Select(webhook => webhook.Url.AbsoluteUri));
        Assert.Equal(["*", "*"], webhooks[0].Events.Concat(webhooks[0].Tenants));
        Assert.Equal(["budget.*", "acme", "glob*"], webhooks[1].Events.Concat(webhooks[1].Tenants));
        Assert.Equal(Long, webhooks[0].Secret.Reveal());
        Assert.Equal([.. Enumerable.Range(0, 32).Select(i => (byte)i)], Webhook.KeyOf(webhooks[1].Secret)!);
        Assert.DoesNotContain("b=c", webhooks[0].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("url: \"ftp://h/a\", secret: \"${env:SECRET}\"", "webhooks[0].url: the value is not an http or https address without user and fragment: write one such as https://hooks.example.com/budgets")]
    [InlineData("url: \"https://u:p@h/a\", secret: \"${env:SECRET}\"", "webhooks[0].url: the value is not an http or https address without user and fragment: write one such as https://hooks.example.com/budgets")]
    [InlineData("url: \"https://h/a\"", "webhooks[0]: 'secret' is missing: write secret: with a secret as ${env:NAME} or ${file:path}")]
    [InlineData("url: \"https://h/a\", secret: \"in the open, for everybody to see\"", "webhooks[0].secret: a secret stands in the configuration itself: move it to the environment or a file, and write ${env:NAME} or ${file:path}")]
    [InlineData("url: \"https://h/a\", secret: \"${env:SHORT}\"", "webhooks[0].secret: the secret is shorter than 24 bytes: use a longer one, such as whsec_ and the output of: openssl rand -base64 32")]
    [InlineData("url: \"https://h/a\", secret: \"${env:BROKEN}\"", "webhooks[0].secret: what follows whsec_ is not base64: write whsec_ with base64 behind it, or a secret that does not begin so")]
    [InlineData("url: \"https://h/a\", secret: \"${env:SECRET}\", events: [budget.stopp]", "webhooks[0].events[0]: no event matches 'budget.stopp': did you mean 'budget.stop'?")]
    [InlineData("url: \"https://h/a\", secret: \"${env:SECRET}\", events: [\"x.*\"]", "webhooks[0].events[0]: no event matches 'x.*': write some of budget.warning, budget.stop, spend.anomaly, semantic.off, reconcile.drift, or globs")]
    [InlineData("url: \"https://h/a\", secret: \"${env:SECRET}\", tenants: []", "webhooks[0].tenants: is empty: write at least one")]
    public void A_mistake_is_told_with_its_remedy(string webhook, string problem)
    {
        using var folder = Folder($"webhooks: [ {{ {webhook} }} ]");
        var loaded = folder.Load();
        Assert.Null(loaded.Snapshot);
        Assert.Contains(problem, Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_with_one_address_are_one()
    {
        using var folder = Folder("""
            webhooks:
              - { url: "https://h/a", secret: "${env:SECRET}", events: [budget.stop] }
              - { url: "https://H/a", secret: "${env:SECRET}", events: [budget.warning] }
            """);
        Assert.Contains("3:12: webhooks[1].url: another webhook has the same address", Assert.Single(folder.Load().Problems).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_whose_secret_is_not_set_is_left_out_aloud()
    {
        using var folder = Folder("webhooks: [ { url: \"https://h/a\", secret: \"${env:NOT_SET}\" } ]");
        var loaded = folder.Load();
        Assert.Contains("${env:NOT_SET} is not set, so the webhook is left out", Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
        Assert.Empty(loaded.Snapshot!.Webhooks);
    }

    private static ConfigFolder Folder(string yaml)
    {
        var folder = new ConfigFolder(("gateway.yaml", yaml + "\n"));
        folder.Environment.Add("SECRET", Long);
        folder.Environment.Add("STANDARD", "whsec_" + Convert.ToBase64String([.. Enumerable.Range(0, 32).Select(i => (byte)i)]));
        folder.Environment.Add("SHORT", "short");
        folder.Environment.Add("BROKEN", "whsec_not!base64");
        return folder;
    }
}

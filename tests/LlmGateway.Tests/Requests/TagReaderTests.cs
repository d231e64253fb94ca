using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Requests;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Tests.Requests;

public sealed class TagReaderTests
{
    [Fact]
    public void The_header_wins_over_metadata_and_metadata_over_the_key()
    {
        var exchange = Exchanges.New();
        exchange.Key = Key(("a", "key"), ("b", "key"), ("c", "key"));
        exchange.Http.Request.Headers["x-gateway-tags"] = "c=header, d = header";
        Apply(exchange, """{"b":"metadata","c":"metadata","e":"metadata"}""");
        Assert.Equal("""{"a":"key","b":"metadata","c":"header","d":"header","e":"metadata"}""", Sorted(exchange));
        Assert.Null(exchange.Warning);
    }

    [Fact]
    public void No_tags_are_no_bytes()
    {
        var exchange = Exchanges.New();
        Apply(exchange, null);
        Assert.True(exchange.Tags.IsEmpty);
        Apply(exchange, "{}");
        Assert.True(exchange.Tags.IsEmpty);
    }

    [Fact]
    public void The_tags_of_a_key_alone_are_written_once()
    {
        var key = Key(("team", "\"模\""));
        var first = Exchanges.New();
        var second = Exchanges.New();
        first.Key = second.Key = key;
        Apply(first, null);
        Apply(second, null);
        Assert.Equal("""{"team":"\"模\""}""", Encoding.UTF8.GetString(first.Tags.Span));
        Assert.True(first.Tags.Equals(second.Tags));
    }

    [Theory]
    [InlineData("team")]
    [InlineData("=x")]
    [InlineData("te am=x")]
    [InlineData("a=1,b")]
    [InlineData("LONGNAME=x")]
    [InlineData("a=LONGVALUE")]
    [InlineData("MANY")]
    [InlineData("MUCH")]
    public void A_header_that_cannot_be_tags_is_refused(string header)
    {
        var exchange = Exchanges.New();
        exchange.Http.Request.Headers["x-gateway-tags"] = header
            .Replace("LONGNAME", new string('n', 65)).Replace("LONGVALUE", new string('v', 257))
            .Replace("MANY", string.Join(",", Enumerable.Range(0, 33).Select(i => $"t{i}=x")))
            .Replace("MUCH", string.Join(",", Enumerable.Range(0, 20).Select(i => $"t{i}={new string('x', 250)}")));
        var error = TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat("\"x\":1")));
        Assert.Equal(400, error!.Status);
        Assert.StartsWith("Invalid header x-gateway-tags: ", error.Message);
    }

    [Fact]
    public void Empty_elements_and_equals_signs_in_values_are_fine()
    {
        var exchange = Exchanges.New();
        exchange.Http.Request.Headers["x-gateway-tags"] = new([",a=1=2,,", " b= "]);
        Apply(exchange, null);
        Assert.Equal("""{"a":"1=2","b":""}""", Sorted(exchange));
    }

    [Fact]
    public void Metadata_that_cannot_be_a_tag_is_left_out_with_a_warning()
    {
        var exchange = Exchanges.New();
        Apply(exchange, $$"""{"ok":"x","bad name":"x","n":1,"o":{"p":["q"]},"long":"{{new string('v', 257)}}","half":"\ud800","\ud800":"x","control":"\u0001"}""");
        Assert.Equal("""{"ok":"x"}""", Sorted(exchange));
        Assert.Equal("7 of metadata not kept as tags", exchange.Warning);
    }

    [Fact]
    public void Metadata_beyond_the_bounds_is_left_out_with_a_warning()
    {
        var exchange = Exchanges.New();
        Apply(exchange, "{" + string.Join(",", Enumerable.Range(0, 40).Select(i => $"\"t{i}\":\"x\"")) + "}");
        Assert.Equal(32, JsonDocument.Parse(exchange.Tags).RootElement.EnumerateObject().Count());
        Assert.Equal("8 of metadata not kept as tags", exchange.Warning);

        exchange = Exchanges.New();
        Apply(exchange, "{" + string.Join(",", Enumerable.Range(0, 30).Select(i => $"\"t{i}\":\"{new string('模', 250)}\"")) + "}");
        Assert.InRange(exchange.Tags.Length, 3_000, 4_096);
    }

    [Fact]
    public void The_header_names_the_user_where_the_body_does_not()
    {
        var exchange = Exchanges.New();
        exchange.Http.Request.Headers["x-gateway-user"] = "header";
        Assert.Null(TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat("\"user\":\"body\""))));
        Assert.Equal("body", exchange.User);
        Assert.Null(TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat("\"x\":1"))));
        Assert.Equal("header", exchange.User);
    }

    [Theory]
    [InlineData("a\u0007b")]
    [InlineData("LONG")]
    public void A_header_that_cannot_be_a_user_is_refused(string user)
    {
        var exchange = Exchanges.New();
        exchange.Http.Request.Headers["x-gateway-user"] = user.Replace("LONG", new string('u', 257));
        var error = TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat("\"x\":1")));
        Assert.Equal("Invalid header x-gateway-user: it may have at most 256 characters, and no control characters.", error!.Message);
    }

    [Fact]
    public void A_user_of_the_body_that_is_not_kept_is_warned_of()
    {
        var exchange = Exchanges.New();
        Assert.Null(TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat("\"user\":\"\\u0007\""))));
        Assert.StartsWith("user is not kept", exchange.Warning);
    }

    private static void Apply(Exchange exchange, string? metadata) =>
        Assert.Null(TagReader.Apply(exchange, Bodies.Accept(Bodies.Chat($"\"metadata\":{metadata ?? "null"}"))));

    private static string Sorted(Exchange exchange) =>
        JsonSerializer.Serialize(new SortedDictionary<string, string>(JsonSerializer.Deserialize<Dictionary<string, string>>(exchange.Tags.Span)!, StringComparer.Ordinal));

    private static VirtualKey Key(params (string Name, string Value)[] tags) => new()
    {
        Id = "key_1",
        Name = "k",
        Tenant = "t",
        Project = "p",
        Tags = tags.ToFrozenDictionary(tag => tag.Name, tag => tag.Value),
    };
}

/// <summary>Makes exchanges for tests of this room.</summary>
internal static class Exchanges
{
    public static Exchange New(HttpContext? http = null, long maxRequestBody = 1_000_000) =>
        new(http ?? new DefaultHttpContext(), Snapshot(maxRequestBody), EndpointKind.ChatCompletions, Guid.Empty, default, 0);

    private static Snapshot Snapshot(long maxRequestBody) => new()
    {
        Version = 1,
        LoadedAt = default,
        Server = new ServerSettings([], maxRequestBody, 1, TimeSpan.Zero),
        Providers = FrozenDictionary<string, Provider>.Empty,
        Deployments = FrozenDictionary<string, Deployment>.Empty,
        Routes = FrozenDictionary<string, Route>.Empty,
        Prices = PriceBook.Empty,
        Tenants = FrozenDictionary<string, Tenant>.Empty,
        Keys = [],
    };
}

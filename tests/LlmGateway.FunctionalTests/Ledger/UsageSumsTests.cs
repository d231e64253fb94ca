using System.Globalization;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.FunctionalTests.Hosting;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Row = System.Collections.Generic.IDictionary<string, object?>;

namespace LlmGateway.FunctionalTests.Ledger;

/// <summary>Finance reads the same sums from every report: those of the ledger's rows.</summary>
public class UsageSumsTests
{
    private static readonly (string Name, Func<Row, long> Of)[] Figures =
    [
        ("requests", row => (long)row["attempt"]! == 1 ? 1 : 0),
        ("attempts", row => (string)row["cause"]! == "cache" ? 0 : 1),
        ("errors", row => row["error_class"] is null or "cancelled" ? 0 : 1),
        ("cache_hits", row => (string)row["cache_status"]! is "off" or "miss" ? 0 : 1),
        ("input_tokens", row => (long?)row["input_tokens"] ?? 0),
        ("cached_input_tokens", row => (long?)row["cached_input_tokens"] ?? 0),
        ("cache_write_tokens", row => (long?)row["cache_write_tokens"] ?? 0),
        ("output_tokens", row => (long?)row["output_tokens"] ?? 0),
        ("reasoning_tokens", row => (long?)row["reasoning_tokens"] ?? 0),
        ("unpriced_attempts", row => (string?)row["price_status"] == "unpriced" ? 1 : 0),
        ("estimated_attempts", row => (string?)row["usage_source"] == "estimated" ? 1 : 0),
        ("saved_input_tokens", row => Saved(row, "saved_input_tokens")),
        ("saved_output_tokens", row => Saved(row, "saved_output_tokens")),
        ("saved_ms", row => Saved(row, "saved_ms")),
    ];

    private static readonly Dictionary<string, Func<Row, string?>> Groups = new()
    {
        ["tenant"] = row => (string?)row["tenant"],
        ["project"] = row => (string?)row["project"],
        ["key"] = row => (string?)row["key_id"],
        ["user"] = row => (string?)row["user_id"],
        ["route"] = row => (string?)row["route"],
        ["model"] = row => (string?)(row["model_answered"] ?? row["model_asked"]),
        ["provider"] = row => (string?)row["provider"],
        ["deployment"] = row => (string?)row["deployment"],
        ["day"] = row => ((string)row["started_at"]!)[..10],
        ["hour"] = row => ((string)row["started_at"]!)[..13] + ":00:00Z",
        ["tag:team"] = row => JsonDocument.Parse((string)row["tags"]!).RootElement.TryGetProperty("team", out var team) ? team.GetString() : null,
    };

    private static readonly string[] Groupings =
    [
        "", .. Groups.Keys, "tenant,project,key", "route,model", "day,tenant,provider", "tag:team,user", "deployment,hour,tag:team", string.Join(',', Groups.Keys),
    ];

    [Fact]
    public async Task For_any_grouping_the_reports_add_up_to_the_ledger_to_the_last_digit_while_the_gateway_serves_on()
    {
        using var configuration = new TestConfiguration(new Dictionary<string, string>
        {
            ["refused"] = "status=429",
            ["dying"] = "cut=8",
            ["silent"] = "nousage",
            ["slow"] = "tokens=5000,stall=20",
        });
        await using var gateway = await TestGateway.StartAsync(configuration);
        await MixAsync(gateway);
        var rows = gateway.Rows().Where(row => (string?)row["tenant"] == "acme").ToList();
        Assert.True(rows.Select(row => row["currency"]).Distinct().Count() == 3 && rows.Select(row => row["error_class"]).Distinct().Count() >= 4);

        using var stop = new CancellationTokenSource();
        var others = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await gateway.ChatAsync(with: request => request.Headers.Authorization = new("Bearer", TestConfiguration.OtherKey));
                Assert.True(response.IsSuccessStatusCode);
            }
        });
        foreach (var grouping in Groupings)
        {
            var groups = grouping.Split(',', StringSplitOptions.RemoveEmptyEntries);
            var expected = Expected(rows, groups);
            Assert.Equal(expected, OfJson(await ReportAsync(gateway, grouping, "json"), groups));
            Assert.Equal(expected, OfCsv(await ReportAsync(gateway, grouping, "csv"), groups));
        }

        await stop.CancelAsync();
        await others;

        // And over everything, once nothing runs.
        Assert.Equal(Expected(gateway.Rows(), ["tenant"]), OfJson(await ReportAsync(gateway, "tenant", "json", tenant: ""), ["tenant"]));
    }

    private static async Task MixAsync(TestGateway gateway)
    {
        string[] teams = ["", "team=a", "team=b,env=x", "env=y"];
        for (var round = 0; round < 12; round++)
        {
            var team = teams[round % teams.Length];
            var more = round % 3 == 0 ? $"\"user\":\"u-{round % 2}\"" : $"\"max_tokens\":{round + 1}";
            foreach (var model in new[] { "chat", "free", "refused", "silent", "down" })
            {
                using var whole = await gateway.ChatAsync(more, model, Tagged);
                using var streamed = await gateway.ChatAsync("\"stream\":true," + more, model, Tagged);
            }

            using var dying = await gateway.ChatAsync("\"stream\":true", "dying", Tagged);
            using var embedded = await gateway.PostAsync("v1/embeddings", """{"model":"embed","input":["one","two"]}""", with: Tagged);

            void Tagged(HttpRequestMessage request) => request.Headers.Add("x-gateway-tags", team.Length > 0 ? [team] : []);
        }

        var before = gateway.Rows().Count;
        BookHits(gateway);
        await gateway.WaitForRowsAsync(before += 3);
        using (await gateway.PostAsync("v1/chat/completions", TestGateway.ChatBody("\"stream\":true", "slow"), HttpCompletionOption.ResponseHeadersRead))
        {
        }

        await gateway.WaitForRowsAsync(before + 1);
    }

    private static void BookHits(TestGateway gateway)
    {
        var booking = gateway.Host.Services.GetRequiredService<ICacheBooking>();
        var answer = new CachedAnswer("sim/small", "sim", "sim-small", "stop", 120, 40, new Money(1.5m, new Currency("CNY")), TimeSpan.FromSeconds(2));
        Book(CacheResult.Hit, answer);
        Book(CacheResult.Semantic, answer with { Saved = new Money(0.000000001m, Currency.Usd) });
        Book(CacheResult.Coalesced, answer with { Saved = null });

        void Book(CacheResult result, CachedAnswer answer)
        {
            var exchange = Exchange.Open(new DefaultHttpContext(), gateway.Host.Snapshot, EndpointKind.ChatCompletions, TimeProvider.System);
            (exchange.Key, exchange.Route, exchange.CacheResult) = (new VirtualKey { Id = "key_hits", Name = "hits", Tenant = "acme", Project = "search" }, "chat", result);
            Assert.True(booking.Book(exchange, answer));
        }
    }

    private static async Task<string> ReportAsync(TestGateway gateway, string grouping, string format, string tenant = "&tenant=acme")
    {
        var key = await File.ReadAllTextAsync(Path.Combine(gateway.Configuration.DataFolder, "admin.key"), gateway.Soon);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"admin/v1/usage?from=2020-01-01&group_by={grouping}&format={format}{tenant}")
        {
            Headers = { Authorization = new("Bearer", key.Trim()) },
        };
        using var response = await gateway.Client.SendAsync(request, gateway.Soon);
        var text = await response.Content.ReadAsStringAsync(gateway.Soon);
        Assert.True(response.IsSuccessStatusCode, text);
        return text;
    }

    private static SortedDictionary<string, string> Expected(IEnumerable<Row> rows, string[] groups) => Sorted(rows
        .GroupBy(row => Name(groups.Select(group => Groups[group](row))))
        .Select(group => (group.Key, Figures.Select(figure => group.Sum(figure.Of)), Money(
            group.Select(row => ((string?)row["currency"], (string?)row["cost"])),
            group.Where(row => (string)row["cause"]! != "cache").Select(row => ((string?)row["currency"], (string?)row["cache_saving"])),
            group.Where(row => (string)row["cause"]! == "cache").Select(row => ((string?)row["currency"], (string?)row["cache_saving"]))))));

    private static SortedDictionary<string, string> OfJson(string json, string[] groups) => Sorted(
        JsonDocument.Parse(json).RootElement.GetProperty("rows").EnumerateArray().Select(row => (
            Name(groups.Select(group => row.GetProperty(group).GetString())),
            Figures.Select(figure => row.GetProperty(figure.Name).GetInt64()),
            Money(Amounts(row.GetProperty("cost")), Amounts(row.GetProperty("cache_saving")), Amounts(row.GetProperty("answers_saved"))))));

    private static IEnumerable<(string? Currency, string? Amount)> Amounts(JsonElement amounts) =>
        amounts.EnumerateArray().Select(money => (money.GetProperty("currency").GetString(), money.GetProperty("amount").GetString()));

    /// <summary>One line a group and currency: nothing is counted in two of them.</summary>
    private static SortedDictionary<string, string> OfCsv(string csv, string[] groups)
    {
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(',')).ToList();
        Assert.Equal([.. groups, .. Figures.Select(figure => figure.Name), "cost", "currency", "cache_saving", "answers_saved"], lines[0]);
        return Sorted(lines.Skip(1)
            .GroupBy(line => Name(line.Take(groups.Length).Select(value => value.Length == 0 ? null : value)))
            .Select(group => (
                group.Key,
                Figures.Select((_, index) => group.Sum(line => long.Parse(line[groups.Length + index], CultureInfo.InvariantCulture))),
                Money(
                    group.Select(line => (Cell(line[^3]), Cell(line[^4]))),
                    group.Select(line => (Cell(line[^3]), Cell(line[^2]))),
                    group.Select(line => (Cell(line[^3]), Cell(line[^1])))))));
    }

    private static SortedDictionary<string, string> Sorted(IEnumerable<(string Group, IEnumerable<long> Figures, string Costs)> groups) =>
        new(groups.ToDictionary(group => group.Group, group => $"{string.Join(' ', group.Figures)} {group.Costs}"), StringComparer.Ordinal);

    private static string Name(IEnumerable<string?> values) => string.Join('|', values.Select(value => value ?? "-"));

    private static string? Cell(string text) => text.Length == 0 ? null : text;

    private static string Money(
        IEnumerable<(string? Currency, string? Amount)> costs, IEnumerable<(string? Currency, string? Amount)> savings, IEnumerable<(string? Currency, string? Amount)> answers) =>
        $"{Sum(costs)} saved {Sum(savings)} answers {Sum(answers)}";

    private static long Saved(Row row, string unit) => (string?)row["units"] is { } units ? JsonDocument.Parse(units).RootElement.GetProperty(unit).GetInt64() : 0;

    private static string Sum(IEnumerable<(string? Currency, string? Amount)> amounts) => string.Join(' ', amounts
        .Where(money => money is { Currency: not null, Amount: not null })
        .GroupBy(money => money.Currency!, money => decimal.Parse(money.Amount!, CultureInfo.InvariantCulture))
        .OrderBy(group => group.Key, StringComparer.Ordinal)
        .Select(group => group.Sum().ToString("F9", CultureInfo.InvariantCulture) + group.Key));
}

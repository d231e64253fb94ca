using System.Collections.Frozen;
using System.Net;
using System.Text.Json;
using Dapper;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Model;
using LlmGateway.Gateway;
using LlmGateway.Keys;
using LlmGateway.Tests.Keys;

namespace LlmGateway.Tests.Admin.State;

public sealed class StateEndpointsTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync()
    {
        _bench = await AdminBench.StartAsync(FakeSnapshots.Key("configured", "sk-configured-0123456789"));
        _bench.Keys.Snapshots.Written = new GatewayConfig { Routes = new Dictionary<string, RouteConfig> { ["chat"] = new() } };
    }

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    private Task<AdminAnswer> PostAsync(string path, string body) => _bench.SendAsync(HttpMethod.Post, path, body);

    private async Task<AdminAnswer> MadeAsync(string path, string body)
    {
        var answer = await PostAsync(path, body);
        Assert.True(answer.Status is HttpStatusCode.Created, answer.Text);
        return answer;
    }

    private async Task<string> ListAsync(string path, string member = "id") => string.Join(',', (await _bench.SendAsync(HttpMethod.Get, path)).Json
        .GetProperty("data").EnumerateArray().Select(item => item.GetProperty(member).ToString()));

    [Fact]
    public async Task A_tenant_made_at_run_time_takes_projects_and_keys_that_work_at_once()
    {
        var tenant = await MadeAsync("tenants", """{"name":"initech","currency":"EUR","require":{"tags":{"tier":"fast"}},"degraded":"refuse","semantic_consent":true,"description":"since 1999"}""");
        Assert.Equal(("initech", "admin", "EUR", "refuse", "since 1999", "true"), (tenant["id"], tenant["source"], tenant["currency"], tenant["degraded"], tenant["description"], tenant["in_force"]));
        await MadeAsync("projects", """{"tenant":"initech","name":"tps"}""");

        var key = await MadeAsync("keys", """{"tenant":"initech","project":"tps","name":"ci"}""");

        Assert.Equal(KeyVerdict.Valid, _bench.Check(key["key"]!));
        var made = _bench.Keys.Snapshots.Current.Tenants["initech"];
        Assert.Equal((new Currency("EUR"), DegradedRule.Refuse, "fast"), (made.Currency!.Value, made.Degraded, made.Require!.Tags["tier"]));
        Assert.True(made.SemanticConsent);
        Assert.Equal("true", tenant["semantic_consent"]);
        Assert.Equal("""["tps"]""", (await _bench.SendAsync(HttpMethod.Get, "tenants/initech"))["projects"]);
    }

    [Fact]
    public async Task Lists_show_configured_ones_first_and_say_where_each_comes_from()
    {
        await MadeAsync("tenants", """{"name":"aaa"}""");
        await MadeAsync("projects", """{"tenant":"beta","name":"late"}""");

        Assert.Equal("acme,beta,aaa", await ListAsync("tenants"));
        Assert.Equal("configuration,configuration,admin", await ListAsync("tenants", "source"));
        Assert.Equal("beta:search,beta:late", await ListAsync("projects?tenant=beta"));
        Assert.Equal("acme:chat,acme:search,beta:search,beta:late", await ListAsync("projects"));
    }

    [Fact]
    public async Task Pages_hold_each_once()
    {
        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            await MadeAsync("tenants", $$"""{"name":"t{{i}}"}""");
        }

        string? cursor = "";
        while (cursor is not null)
        {
            var page = await _bench.SendAsync(HttpMethod.Get, $"tenants?limit=2{cursor}");
            seen.AddRange(page.Json.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            cursor = page.Json.GetProperty("has_more").GetBoolean() ? "&cursor=" + page["next_cursor"] : null;
            Assert.InRange(seen.Count, 1, 6);
        }

        Assert.Equal(["acme", "beta", "t0", "t1", "t2", "t3"], seen);
    }

    [Fact]
    public async Task A_budget_counts_from_the_answer_on_with_name_and_currency_settled()
    {
        await MadeAsync("tenants", """{"name":"initech","currency":"EUR"}""");

        var made = await MadeAsync("budgets", """{"tenant":"initech","amount":"12.50","period":"month","timezone":"Asia/Shanghai","rolling":true,"warn":0.5,"tag":"env=prod","allow_unpriced":true}""");

        Assert.Equal(("rolling-month-env=prod", "12.500000000", "EUR", "Asia/Shanghai", "0.5", "true"), (made["name"], made["amount"], made["currency"], made["timezone"], made["warn"], made["stop"]));
        var budget = Assert.Single(_bench.Keys.Snapshots.Current.Tenants["initech"].Allowance.Budgets);
        Assert.Equal((new Money(12.5m, new Currency("EUR")), BudgetPeriod.Month, true, true), (budget.Amount, budget.Period, budget.Rolling, budget.AllowUnpriced));
        Assert.Equal(made["id"], await ListAsync("budgets?tenant=initech"));
    }

    [Fact]
    public async Task A_budget_without_a_rate_for_its_currency_is_made_with_a_warning()
    {
        var made = await MadeAsync("budgets", """{"tenant":"acme","amount":5,"period":"day","currency":"CHF"}""");

        Assert.Contains("without a rate for CHF", made["warnings"], StringComparison.Ordinal);
        Assert.False((await _bench.SendAsync(HttpMethod.Get, $"budgets/{made["id"]}")).Json.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task A_patch_changes_the_amount_and_refuses_what_would_count_otherwise()
    {
        var id = (await MadeAsync("budgets", """{"tenant":"acme","project":"search","amount":"1","period":"day","warn":0.5}"""))["id"];

        var changed = await _bench.SendAsync(HttpMethod.Patch, $"budgets/{id}", """{"amount":"2.25","warn":null}""");
        Assert.Equal(("2.250000000", "0.8", "day"), (changed["amount"], changed["warn"], changed["period"]));
        Assert.Equal(2.25m, _bench.Keys.Snapshots.Current.Tenants["acme"].Projects["search"].Allowance.Budgets[0].Amount.Amount);

        var refused = await _bench.SendAsync(HttpMethod.Patch, $"budgets/{id}", """{"period":"month","amount":"-1"}""");
        var message = refused.AssertError(400, "invalid_value", "period");
        Assert.Contains("cannot be changed", message, StringComparison.Ordinal);
        Assert.Contains("amount: '-1' is out of range", message, StringComparison.Ordinal);
        Assert.Equal("2.250000000", (await _bench.SendAsync(HttpMethod.Get, $"budgets/{id}"))["amount"]);
    }

    [Fact]
    public async Task Limits_of_a_key_and_a_route_hold_for_them_alone()
    {
        var key = await MadeAsync("keys", """{"tenant":"acme","project":"search","name":"ci"}""");

        var made = await MadeAsync("limits", $$"""{"tenant":"acme","key_id":"{{key["id"]}}","route":"chat","requests_per_minute":60,"concurrent":4}""");

        Assert.Equal(("search", "chat", "60", "4", "null"), (made["project"], made["route"], made["requests_per_minute"], made["concurrent"], made["tokens_per_day"]));
        var snapshot = _bench.Keys.Snapshots.Current;
        Assert.Equal(new CallerLimits(60, Concurrent: 4), snapshot.KeyAllowances[key["id"]!].RouteLimits["chat"]);
        Assert.True(snapshot.Tenants["acme"].Allowance.IsUnlimited);
        var changed = await _bench.SendAsync(HttpMethod.Patch, $"limits/{made["id"]}", """{"concurrent":null,"tokens_per_day":1000}""");
        Assert.Equal(("60", "null", "1000"), (changed["requests_per_minute"], changed["concurrent"], changed["tokens_per_day"]));
        (await _bench.SendAsync(HttpMethod.Patch, $"limits/{made["id"]}", """{"requests_per_minute":null,"tokens_per_day":null}""")).AssertError(400, "invalid_value", "requests_per_minute");
    }

    [Theory]
    [InlineData("tenants", """{"name":"a b"}""", "name", "the name 'a b' cannot be used")]
    [InlineData("tenants", """{"name":""}""", "name", "must not be empty")]
    [InlineData("tenants", """{"currency":"USD"}""", "name", "'name' is missing")]
    [InlineData("tenants", """{"name":"x","currency":"usd","degraded":"share?"}""", "currency", "degraded: 'share?' is not known")]
    [InlineData("tenants", """{"name":"x","require":{"regoin":"cn"}}""", "require", "'regoin' is not a setting")]
    [InlineData("projects", """{"tenant":"acne","name":"x"}""", "tenant", "Did you mean 'acme'?")]
    [InlineData("projects", """{"tenant":"acme","name":"a:b"}""", "name", "cannot be used")]
    [InlineData("projects", """{"tenant":"acme","name":"x","description":7}""", "description", "must be a string")]
    [InlineData("budgets", """{"tenant":"acme","period":"fortnight"}""", "period", "'amount' is missing")]
    [InlineData("budgets", """{"tenant":"acne","amount":"ten","period":"month","tag":"x"}""", "tenant", "amount: 'ten'")]
    [InlineData("budgets", """{"tenant":"acme","amount":1,"period":"total","rolling":true}""", "rolling", "never begins anew")]
    [InlineData("budgets", """{"tenant":"acme","amount":1,"period":"day","name":"a/b"}""", "name", "cannot be used")]
    [InlineData("budgets", """{"tenant":"acme","project":"serch","amount":1,"period":"day"}""", "project", "Did you mean 'search'?")]
    [InlineData("budgets", """{"tenant":"acme","key_id":"key_none","amount":1,"period":"day"}""", "key_id", "There is no key")]
    [InlineData("budgets", """{"tenant":"acme","amount":1,"period":"day","warn":2}""", "warn", "from 0 to 1")]
    [InlineData("limits", """{"tenant":"acme"}""", "requests_per_minute", "Nothing is limited")]
    [InlineData("limits", """{"tenant":"acme","requests_per_minute":0,"concurrent":1.5}""", "concurrent", "requests_per_minute: '0' is out of range")]
    [InlineData("limits", """{"tenant":"acme","route":"chta","concurrent":1}""", "route", "no route is named 'chta'")]
    public async Task Everything_that_is_wrong_is_told_at_once_in_the_words_of_the_configuration(string path, string body, string param, string says)
    {
        Assert.Contains(says, (await PostAsync(path, body)).AssertError(400, "invalid_value", param), StringComparison.Ordinal);
        Assert.True(_bench.Keys.Snapshots.Stored.IsEmpty);
    }

    [Theory]
    [InlineData("tenants", """{"name":"acme"}""")]
    [InlineData("projects", """{"tenant":"acme","name":"search"}""")]
    public async Task A_name_of_the_configuration_is_taken(string path, string body) =>
        Assert.Contains("The configuration has", (await PostAsync(path, body)).AssertError(409, "name_taken", "name"), StringComparison.Ordinal);

    [Theory]
    [InlineData("tenants", """{"name":"x"}""")]
    [InlineData("projects", """{"tenant":"acme","name":"x"}""")]
    [InlineData("budgets", """{"tenant":"acme","amount":1,"period":"day"}""")]
    [InlineData("limits", """{"tenant":"acme","concurrent":1}""")]
    public async Task A_second_of_the_same_name_is_a_409_and_the_first_can_be_deleted_and_made_again(string path, string body)
    {
        var first = await MadeAsync(path, body);
        (await PostAsync(path, body)).AssertError(409, "name_taken");

        var gone = await _bench.SendAsync(HttpMethod.Delete, $"{path}/{first["id"]}");
        Assert.Equal((HttpStatusCode.OK, "false"), (gone.Status, gone["in_force"]));
        (await _bench.SendAsync(HttpMethod.Get, $"{path}/{first["id"]}")).AssertError(404, $"{path[..^1]}_not_found");
        (await _bench.SendAsync(HttpMethod.Delete, $"{path}/{first["id"]}")).AssertError(404, $"{path[..^1]}_not_found");
        (await _bench.SendAsync(HttpMethod.Patch, $"{path}/{first["id"]}", "{}")).AssertError(404, $"{path[..^1]}_not_found");
        Assert.True(_bench.Keys.Snapshots.Stored.IsEmpty);
        await MadeAsync(path, body);
    }

    [Theory]
    [InlineData("PATCH", "tenants/acme", "tenant_in_configuration")]
    [InlineData("DELETE", "tenants/acme", "tenant_in_configuration")]
    [InlineData("DELETE", "projects/acme:search", "project_in_configuration")]
    public async Task What_is_configured_is_changed_in_its_file(string method, string path, string code) =>
        Assert.Contains("Change it there", (await _bench.SendAsync(new HttpMethod(method), path, method == "PATCH" ? "{}" : null)).AssertError(409, code), StringComparison.Ordinal);

    [Fact]
    public async Task Configured_budgets_and_limits_are_shown_kept_and_their_names_taken()
    {
        var limits = new CallerLimits(RequestsPerMinute: 60);
        var allowance = new Allowance(
            [new Budget { Name = "day", Amount = new Money(5, Currency.Usd), Period = BudgetPeriod.Day }],
            limits,
            new Dictionary<string, CallerLimits> { ["chat"] = limits }.ToFrozenDictionary());
        _bench.Keys.Snapshots.Reload(snapshot => snapshot with
        {
            Tenants = snapshot.Tenants.Values.Select(tenant => tenant.Name == "acme" ? tenant with { Allowance = allowance } : tenant).ToFrozenDictionary(tenant => tenant.Name),
        });

        Assert.Equal("configuration", await ListAsync("budgets", "source"));
        Assert.Equal("configuration,configuration", await ListAsync("limits", "source"));
        foreach (var path in new[] { $"budgets/{await ListAsync("budgets")}", $"limits/{(await ListAsync("limits")).Split(',')[1]}" })
        {
            (await _bench.SendAsync(HttpMethod.Patch, path, "{}")).AssertError(409, $"{path.Split('/')[0][..^1]}_in_configuration");
            (await _bench.SendAsync(HttpMethod.Delete, path)).AssertError(409, $"{path.Split('/')[0][..^1]}_in_configuration");
        }

        (await PostAsync("budgets", """{"tenant":"acme","amount":1,"period":"day"}""")).AssertError(409, "name_taken", "name");
        (await PostAsync("limits", """{"tenant":"acme","concurrent":1}""")).AssertError(409, "name_taken", "route");
        (await PostAsync("limits", """{"tenant":"acme","route":"chat","concurrent":1}""")).AssertError(409, "name_taken", "route");
        Assert.True(_bench.Keys.Snapshots.Stored.IsEmpty);

        var beside = await MadeAsync("budgets", """{"tenant":"acme","amount":1,"period":"week"}""");
        await MadeAsync("limits", """{"tenant":"acme","project":"search","concurrent":1}""");
        Assert.Equal(["day", "week"], _bench.Keys.Snapshots.Current.Tenants["acme"].Allowance.Budgets.Select(budget => budget.Name));
        _bench.Keys.Snapshots.Reload(snapshot => snapshot with
        {
            Tenants = snapshot.Tenants.Values.Select(tenant => tenant with { Allowance = allowance with { Budgets = [allowance.Budgets[0] with { Name = "week" }] } }).ToFrozenDictionary(tenant => tenant.Name),
        });
        Assert.Equal("false", (await _bench.SendAsync(HttpMethod.Get, $"budgets/{beside["id"]}"))["in_force"]);
    }

    [Fact]
    public async Task A_tenant_goes_with_all_of_it_once_none_of_its_keys_works()
    {
        await MadeAsync("tenants", """{"name":"initech"}""");
        await MadeAsync("projects", """{"tenant":"initech","name":"tps"}""");
        await MadeAsync("budgets", """{"tenant":"initech","project":"tps","amount":1,"period":"day"}""");
        await MadeAsync("limits", """{"tenant":"initech","concurrent":1}""");
        var key = await MadeAsync("keys", """{"tenant":"initech","project":"tps","name":"ci"}""");

        (await _bench.SendAsync(HttpMethod.Delete, "tenants/initech")).AssertError(409, "has_keys");
        (await _bench.SendAsync(HttpMethod.Delete, "projects/initech:tps")).AssertError(409, "has_keys");
        Assert.Equal(KeyVerdict.Valid, _bench.Check(key["key"]!));

        await _bench.SendAsync(HttpMethod.Delete, $"keys/{key["id"]}");
        Assert.Equal(HttpStatusCode.OK, (await _bench.SendAsync(HttpMethod.Delete, "tenants/initech")).Status);
        Assert.True(_bench.Keys.Snapshots.Stored.IsEmpty);
        Assert.DoesNotContain("initech", _bench.Keys.Snapshots.Current.Tenants.Keys);
    }

    [Fact]
    public async Task Each_change_is_a_row_of_audit_with_what_it_was_changed_to()
    {
        var id = (await MadeAsync("budgets", """{"tenant":"acme","amount":"1","period":"day"}"""))["id"];
        await _bench.SendAsync(HttpMethod.Patch, $"budgets/{id}", """{"amount":"2"}""");
        await _bench.SendAsync(HttpMethod.Patch, $"budgets/{id}", """{"amount":"-2"}""");
        await _bench.SendAsync(HttpMethod.Delete, $"budgets/{id}");

        using var connection = _bench.Keys.Database.Open();
        var rows = connection.Query<(string Actor, string Action, string Details)>("SELECT actor, action, details FROM admin_audit WHERE subject = @id ORDER BY id", new { id }).ToList();

        Assert.Equal([("admin", "budget.create"), ("admin", "budget.update"), ("admin", "budget.delete")], rows.Select(row => (row.Actor, row.Action)));
        Assert.Equal(["1", "2", "2"], rows.Select(row => JsonDocument.Parse(row.Details).RootElement.GetProperty("amount").GetString()));
    }

    [Fact]
    public async Task A_stored_one_is_out_of_force_while_the_configuration_has_its_name_and_back_after()
    {
        await MadeAsync("tenants", """{"name":"initech"}""");
        await MadeAsync("budgets", """{"tenant":"initech","amount":"1","period":"day"}""");

        _bench.Keys.Snapshots.Reload(["acme/search", "initech/own"]);
        Assert.Equal("configuration", (await _bench.SendAsync(HttpMethod.Get, "tenants/initech"))["source"]);
        Assert.Equal("true", (await ListAsync("budgets", "in_force")).ToLowerInvariant());

        _bench.Keys.Snapshots.Reload(["acme/search"]);
        Assert.Equal("admin", (await _bench.SendAsync(HttpMethod.Get, "tenants/initech"))["source"]);
    }

    [Fact]
    public async Task What_another_process_makes_is_in_force_within_one_poll()
    {
        using var other = await _bench.Keys.Second().StartedAsync();
        await MadeAsync("tenants", """{"name":"initech"}""");
        Assert.DoesNotContain("initech", other.Snapshots.Current.Tenants.Keys);

        _bench.Keys.Time.Advance(KeyWatcher.Interval);

        Assert.Contains("initech", other.Snapshots.Current.Tenants.Keys);
    }

    [Fact]
    public async Task Budgets_show_what_they_have_come_to_where_somebody_counts()
    {
        await using var bench = await AdminBench.StartAsync(new FixedFigures());
        var made = await bench.SendAsync(HttpMethod.Post, "budgets", """{"tenant":"acme","amount":"3","period":"day"}""");

        Assert.Equal("""{"spent":{"amount":"1.000000000","currency":"USD"},"held":{"amount":"0.000000000","currency":"USD"},"left":{"amount":"2.000000000","currency":"USD"},"resets_at":null,"runs_out_at":"2026-11-01T00:00:00Z"}""", made["figures"]);
        Assert.Contains("\"amount\":\"2.000000000\"", (await bench.SendAsync(HttpMethod.Get, "budgets")).Text, StringComparison.Ordinal);
    }

    private sealed class FixedFigures : IBudgetFigures
    {
        public ValueTask<IReadOnlyList<BudgetFigures?>> ReadAsync(IReadOnlyList<ScopedBudget> budgets, CancellationToken cancellation) =>
            new([.. budgets.Select(entry => new BudgetFigures(
                new Money(1, Currency.Usd), new Money(0, Currency.Usd), entry.Budget.Amount with { Amount = entry.Budget.Amount.Amount - 1 }, null, FakeSnapshots.Start))]);
    }
}

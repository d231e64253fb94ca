namespace LlmGateway.Tests.Configuration;

/// <summary>Each mistake, with the very line that a person then reads. Line 1 of gateway.yaml includes what is right.</summary>
public sealed class MistakesTests
{
    private const string Right = """
        providers:
          sim: { base_url: builtin }
          lab: { base_url: "http://127.0.0.1:8000/v1", credentials: none }
        deployments:
          sim/a: { model: a }
          sim/b: { model: b, stage: retired }
        routes:
          chat: { deployments: [sim/a] }
        prices:
          sim/a: [{ from: 2026-01-01, currency: USD, input: 1, output: 2 }]
        """;

    public static TheoryData<string, string> Mistakes => new()
    {
        // Names and kinds of settings.
        { "sever: { drain: 5s }", "2:1: 'sever' is not a setting: did you mean 'server'?" },
        { "server: { dran: 5s }", "2:11: server: 'dran' is not a setting: did you mean 'drain'?" },
        {
            "server: { colour: red }",
            "2:11: server: 'colour' is not a setting: write one of urls, max_request_body, max_response_body, grace, drain"
        },
        { "server: { drain: 5s, drain: 6s }", "2:22: 'drain' is written twice: keep one; the other is in line 2" },
        { "server: [a]", "2:9: server: is a list: write a mapping of settings" },
        { "server: 8080", "2:9: server: is one piece of text: write a mapping of settings" },
        { "server: { drain: [5s] }", "2:18: server.drain: is a list: write a duration such as 500ms, 5s, 3m, 1h or 7d" },
        { "server: { drain: }", "2:18: server.drain: has no value: write a duration such as 500ms, 5s, 3m, 1h or 7d" },
        { "routes:\n  x: { deployments: sim/a }", "3:21: routes.x.deployments: 'sim/a' is not a list: write a list" },
        { "deployments:\n  sim/x: { model: x, context: 1.5 }", "3:31: deployments.sim/x.context: '1.5' is not a whole number: write a whole number" },
        { "deployments:\n  sim/x: { model: x, context: \"100\" }", "3:31: deployments.sim/x.context: '100' is text: write a whole number, without quotes" },
        { "deployments:\n  sim/x: { stage: canary }", "3:3: deployments.sim/x: 'model' is missing: write model: with text" },

        // Values.
        { "server: { drain: 5 }", "2:18: server.drain: '5' is not a duration such as 500ms, 5s, 3m, 1h or 7d: write a duration such as 500ms, 5s, 3m, 1h or 7d" },
        { "server: { drain: 2h }", "2:18: server.drain: '2h' is out of range: write a value from 0s to 1h" },
        { "server: { drain: 99999999999999999999d }", "2:18: server.drain: the value is not a duration such as 500ms, 5s, 3m, 1h or 7d: write a duration such as 500ms, 5s, 3m, 1h or 7d" },
        { "server: { max_request_body: 5TB }", "2:29: server.max_request_body: '5TB' is not a size such as 512KB, 50MB, 1GB or a number of bytes: write a size such as 512KB, 50MB, 1GB or a number of bytes" },
        { "server: { max_request_body: 100 }", "2:29: server.max_request_body: '100' is out of range: write a value from 1KB to 1GB" },
        { "server: { urls: [127.0.0.1] }", "2:18: server.urls[0]: '127.0.0.1' is not an address to listen on: write one such as http://127.0.0.1:8080" },
        { "server: { urls: [] }", "2:17: server.urls: is empty: write at least one" },
        { "currency: { base: dollar }", "2:19: currency.base: 'dollar' is not a currency such as USD, three capital letters of ISO 4217: write a currency such as USD, three capital letters of ISO 4217" },
        { "currency: { rates: { CNY: { 2026-11-01: 0 } } }", "2:41: currency.rates.CNY.2026-11-01: '0' is out of range: write more than 0" },
        { "logging: { level: informaton }", "2:19: logging.level: 'informaton' is not known: did you mean 'information'?" },
        { "logging: { level: loud }", "2:19: logging.level: 'loud' is not known: write one of trace, debug, information, warning, error" },
        { "data: { path: \"${env:DATA}\" }", "2:15: data.path: '${env:DATA}' is not text: write text" },

        // Providers.
        { "providers:\n  x: { base_url: \"ftp://h\", credentials: none }", "3:18: providers.x.base_url: 'ftp://h' is not an http or https address without user, query and fragment, or builtin: write an http or https address without user, query and fragment, or builtin" },
        { "providers:\n  x: { base_url: \"http://h/v1\" }", "3:3: providers.x: 'credentials' is missing: list them, or write credentials: none if the provider asks for none" },
        { "providers:\n  x: { base_url: \"http://h/v1\", credentials: [] }", "3:46: providers.x.credentials: is empty: write none if there is none" },
        { "providers:\n  x: { base_url: \"http://h/v1\", credentials: nun }", "3:46: providers.x.credentials: is one piece of text: write a list, or none" },
        { "providers:\n  x: { base_url: \"http://h/v1\", dialect: anthropic, credentials: none }", "3:42: providers.x.dialect: this version does not translate to 'anthropic': write openai with the provider's OpenAI-compatible address, or remove the provider" },
        { "providers:\n  x: { base_url: \"http://h/v1\", dialect: openia, credentials: none }", "3:42: providers.x.dialect: 'openia' is not known: did you mean 'openai'?" },
        { "providers:\n  x y: { base_url: builtin }", "3:3: providers.x y: the name 'x y' cannot be used: write at most 128 of letters, digits, '.', '_' and '-'" },
        { "providers:\n  x: { base_url: builtin, credentials: [{ key: \"${env:K}\" }] }", "3:40: providers.x.credentials: the simulator in process asks for no credential: remove credentials" },

        // Deployments and routes.
        { "deployments:\n  flash: { model: x }", "3:3: deployments.flash: the name does not say the provider: write provider/name" },
        { "deployments:\n  smi/x: { model: x }", "3:3: deployments.smi/x: no provider is named 'smi': did you mean 'sim'?" },
        { "deployments:\n  nobody/x: { model: x }", "3:3: deployments.nobody/x: no provider is named 'nobody': add it under providers" },
        { "deployments:\n  sim/x: { model: x, capabilities: [tool] }", "3:37: deployments.sim/x.capabilities[0]: 'tool' is not known: did you mean 'tools'?" },
        { "deployments:\n  sim/x: { model: x, quality: 1.1 }", "3:31: deployments.sim/x.quality: '1.1' is out of range: write a value from 0 to 1" },
        { "deployments:\n  sim/x: { model: x, price: sim/c }", "3:29: deployments.sim/x.price: no price is named 'sim/c': did you mean 'sim/a'?" },
        { "routes:\n  x: { deployments: [] }", "3:21: routes.x.deployments: is empty: write at least one" },
        { "routes:\n  x: { policy: priority }", "3:3: routes.x: 'deployments' is missing: write deployments: with a list" },
        { "routes:\n  x: { deployments: [sim/aa] }", "3:22: routes.x.deployments[0].name: no deployment is named 'sim/aa': did you mean 'sim/a'?" },
        { "routes:\n  x: { deployments: [sim/a, { name: sim/a }] }", "3:37: routes.x.deployments[1].name: 'sim/a' is listed twice: keep one" },
        { "routes:\n  x: { deployments: [{ name: sim/a, weight: 0 }], policy: weighted }", "3:21: routes.x.deployments: every weight is 0: give one of them more than 0" },
        { "routes:\n  x: { deployments: [sim/a], policy: cheap }", "3:38: routes.x.policy: 'cheap' is not known: write one of cheapest, fastest, most-headroom, balanced, weighted, priority, least-busy, sticky" },
        { "routes:\n  x: { deployments: [sim/b] }", "3:21: warning: routes.x.deployments: none of them takes traffic: put one at the stage production, canary or deprecated" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { max_entry: 1GB } } }", "3:59: routes.x.cache.exact.max_entry: '1GB' is out of range: write a value from 1KB to 16MB" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { scope: world } } }", "3:55: routes.x.cache.exact.scope: 'world' is not known: write one of tenant, project, key" },

        // What is answered by meaning.
        { "routes:\n  x: { deployments: [sim/a], cache: { semantic: { mode: shadow } } }", "3:57: routes.x.cache.semantic.mode: answers are found in what exact keeps, and that is off: write exact: { ttl: 1h } beside it, or mode: off" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: learn } } }", "3:77: routes.x.cache.semantic.mode: 'learn' is not known: write one of off, shadow, serve" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, embedder: sim/c } } }", "3:95: routes.x.cache.semantic.embedder: no deployment is named 'sim/c': did you mean 'sim/a'?" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, embedder: sim/a, dimensions: 8 } } }", "3:95: routes.x.cache.semantic.embedder: 'sim/a' does not make embeddings: name a deployment with capabilities: [embeddings]" },
        { "deployments:\n  sim/e: { model: e, capabilities: [embeddings] }\nroutes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, embedder: sim/e } } }", "5:95: routes.x.cache.semantic.embedder: nothing says how many dimensions its vectors have: write dimensions: beside it" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, dimensions: 8 } } }", "3:97: routes.x.cache.semantic.dimensions: the builtin embedder has its own: remove dimensions" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, judge: sim/c } } }", "3:92: routes.x.cache.semantic.judge: no deployment is named 'sim/c': did you mean 'sim/a'?" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: shadow, label: judge } } }", "3:92: routes.x.cache.semantic.label: no judge is named: write judge: with the name of a deployment, or label: similarity" },
        { "routes:\n  x: { deployments: [sim/a], cache: { exact: { ttl: 1h }, semantic: { mode: serve, max_wrong_hits: 0 } } }", "3:100: routes.x.cache.semantic.max_wrong_hits: '0' is out of range: write a value from 0.0001 to 0.5" },

        // Prices.
        { "prices:\n  p: [{ from: 2026-02-30, currency: USD }]", "3:15: prices.p[0].from: '2026-02-30' is not a date such as 2026-09-10, or an instant such as 2026-09-10T08:00:00Z: write a date such as 2026-09-10, or an instant such as 2026-09-10T08:00:00Z" },
        { "prices:\n  p: [{ from: 2026-02-01T00:00:00, currency: USD }]", "3:15: prices.p[0].from: '2026-02-01T00:00:00' is not a date such as 2026-09-10, or an instant such as 2026-09-10T08:00:00Z: write a date such as 2026-09-10, or an instant such as 2026-09-10T08:00:00Z" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD }, { from: 2026-02-01T08:00:00+08:00, currency: USD }]", "3:52: prices.p[1].from: two entries begin on 2026-02-01: keep one; the other is number 1 of the list" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD, input: -1 }]", "3:49: prices.p[0].input: '-1' is out of range: write at least 0" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD, units: { image: -1 } }]", "3:58: prices.p[0].units.image: '-1' is out of range: write at least 0" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD, tiers: [{ input_over: 5, input_up_to: 5 }] }]", "3:80: prices.p[0].tiers[0].input_up_to: no length is over input_over and up to this: write more than input_over" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD, windows: { timezone: Mars/Base, multiplier: 2, when: [{ hours: [\"08:00-09:00\"] }] } }]", "3:63: prices.p[0].windows.timezone: 'Mars/Base' is not a time zone of the IANA list such as Asia/Shanghai or UTC: write a time zone of the IANA list such as Asia/Shanghai or UTC" },
        { "prices:\n  p: [{ from: 2026-02-01, currency: USD, windows: { timezone: UTC, multiplier: 2, when: [{ hours: [\"08:00-25:00\"] }] } }]", "3:100: prices.p[0].windows.when[0].hours[0]: '08:00-25:00' is not hours such as 09:00-12:00 or 22:00-24:00: write hours such as 09:00-12:00 or 22:00-24:00" },

        // What a budget counts must outlive its period.
        { "data: { retention: 30d }\ntenants:\n  t: { budgets: [{ amount: 1, period: month, tag: team=a }, { amount: 1, period: year }, { amount: 1, period: week, tag: team=a }] }", "4:51: tenants.t.budgets[0].tag: data.retention removes the rows that tell what was spent under a tag before its period ends: lengthen data.retention to 31d or more, or choose a shorter period" },
        { "data: { retention: 4000d }\ntenants:\n  t: { budgets: [{ amount: 1, period: total, tag: team=a }] }", "4:51: tenants.t.budgets[0].tag: data.retention removes the rows that tell what was ever spent under a tag: remove data.retention, or choose another period" },

        // Text that cannot be read.
        { "server: { drain: 5s", "3:1: not readable as YAML, while parsing a flow mapping, did not find expected ',' or '}': mend the syntax here or just above" },
        { "a: &x 1\nb: *x", "3:4: not readable as YAML, aliases (*name) are not supported; write the value out: mend the syntax here or just above" },
        { "a: !!str 1", "2:4: not readable as YAML, tags (!name) are not supported; remove it: mend the syntax here or just above" },
        { "? [a]\n: b", "2:3: not readable as YAML, a name in front of ':' is a list or a mapping: mend the syntax here or just above" },
        { "---\na: 1", "2:1: a second document begins: keep one document a file, and include the other" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_told_with_its_place_and_a_remedy(string text, string expected)
    {
        using var folder = new ConfigFolder(("base.yaml", Right), ("gateway.yaml", "include: [base.yaml]\n" + text + "\n"));
        var loaded = folder.Load();
        Assert.Equal("config/gateway.yaml:" + expected, Assert.Single(loaded.Problems).ToString());
        Assert.Equal(expected.Contains(" warning: ", StringComparison.Ordinal), loaded.Snapshot is not null);
    }

    [Fact]
    public void All_mistakes_of_all_files_are_told_at_once_in_the_order_of_the_text()
    {
        using var folder = new ConfigFolder(
            ("gateway.yaml", "include: [routes.yaml, missing.yaml, ../elsewhere.yaml, routes.yaml]\nserver: { drain: soon }\n"),
            ("routes.yaml", "routes:\n  chat: { deployments: [a/b], polcy: weighted }\nbuget: 5\n"));
        Assert.Equal(
            [
                "config/gateway.yaml:1:24: include[1]: 'missing.yaml' cannot be read, it does not exist: create it, or remove it from include",
                "config/gateway.yaml:1:38: include[2]: '../elsewhere.yaml' is outside of the configuration folder: move the file into it",
                "config/gateway.yaml:1:57: include[3]: 'routes.yaml' is included twice, or includes itself: include it once",
                "config/gateway.yaml:2:18: server.drain: 'soon' is not a duration such as 500ms, 5s, 3m, 1h or 7d: write a duration such as 500ms, 5s, 3m, 1h or 7d",
                "config/routes.yaml:2:25: routes.chat.deployments[0].name: no deployment is named 'a/b': add it under deployments",
                "config/routes.yaml:2:31: routes.chat: 'polcy' is not a setting: did you mean 'policy'?",
                "config/routes.yaml:3:1: 'buget' is not a setting: write one of include, server, data, logging, telemetry, redis, postgres, cache, currency, providers, deployments, routes, prices, tenants, webhooks",
            ],
            folder.Load().Problems.Select(problem => problem.ToString()));
    }

    [Fact]
    public void One_name_in_two_files_is_told_with_both_places()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "include: [base.yaml]\nproviders:\n  lab: { base_url: builtin }\n"), ("base.yaml", Right));
        Assert.Equal(
            "config/base.yaml:3:3: providers.lab: is written in two files: keep one; the other is at config/gateway.yaml:3:3",
            Assert.Single(folder.Load().Problems).ToString());
    }

    [Fact]
    public void Includes_that_go_round_in_a_circle_are_told()
    {
        using var folder = new ConfigFolder(("gateway.yaml", "include: [a.yaml]\n"), ("a.yaml", "include: [gateway.yaml]\n"));
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal("config/a.yaml:1:11: include[0]: 'gateway.yaml' is included twice, or includes itself: include it once", problem.ToString());
    }

    [Fact]
    public void A_missing_gateway_yaml_is_told()
    {
        using var folder = new ConfigFolder();
        var problem = Assert.Single(folder.Load().Problems);
        Assert.Equal("config/gateway.yaml:1:1: cannot be read, it does not exist: create it, or name another with --config", problem.ToString());
    }

    [Fact]
    public void A_file_that_is_not_text_is_told()
    {
        using var folder = new ConfigFolder();
        File.WriteAllBytes(folder.Root, [0xff, 0xfe, 0x00, 0xd8]);
        Assert.Equal("config/gateway.yaml:1:1: cannot be read, it is not UTF-8 text: create it, or name another with --config", Assert.Single(folder.Load().Problems).ToString());
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Nesting_without_end_is_refused_at_once(char open)
    {
        using var folder = new ConfigFolder(("gateway.yaml", "a: " + new string(open, 100_000)));
        Assert.Contains(folder.Load().Problems, problem => problem.What.Contains("nested deeper than 32 levels", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_beyond_all_measure_is_refused()
    {
        using var folder = new ConfigFolder(("gateway.yaml", new string('#', 5 * 1024 * 1024)));
        Assert.Equal("cannot be read, it is larger than 4 MB", Assert.Single(folder.Load().Problems).What);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_one_problem_and_not_one_for_each_name_that_it_would_have_defined()
    {
        using var folder = new ConfigFolder(
            ("gateway.yaml", "include: [providers.yaml]\ndeployments: { sim/a: { model: m }, sim/b: { model: m } }\nroutes: { chat: { deployments: [sim/a] } }"),
            ("providers.yaml", "providers: { sim: { dialect: openai"));

        var problem = Assert.Single(folder.Load().Problems);

        Assert.Contains("not readable as YAML", problem.What, StringComparison.Ordinal);
    }
}

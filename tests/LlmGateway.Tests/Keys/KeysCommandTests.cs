using System.CommandLine;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Keys;

namespace LlmGateway.Tests.Keys;

public sealed class KeysCommandTests : IDisposable
{
    private readonly KeyBench _bench = new(FakeSnapshots.Key("configured", "sk-configured-0123456789"));

    public void Dispose() => _bench.Dispose();

    private (int Exit, string Output, string Error) Run(params string[] arguments)
    {
        var root = new RootCommand();
        root.Subcommands.Add(KeysCommand.Create(
            paths =>
            {
                Assert.Equal(_bench.Folder, paths.DataFolder);
                return new KeysCommandContext(_bench.Store, _bench.Snapshots.Current);
            },
            _bench.Time));
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exit = root.Parse(["keys", .. arguments, "--data", _bench.Folder]).Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        return (exit, output.ToString(), error.ToString());
    }

    private (int Exit, string Output, string Error) Create(params string[] more) => Run(["create", "--tenant", "acme", "--project", "search", "--name", "ci", .. more]);

    private string IdOf(string name) => _bench.Store.List(new KeyQuery(null, null, true, 0, 100)).Single(record => record.Key.Name == name).Key.Id;

    [Fact]
    public void Create_prints_the_secret_alone_so_that_a_script_can_capture_it()
    {
        var (exit, output, error) = Create("--routes", "chat,gpt-*", "--expires", "30d", "--tag", "team=a", "--tag", "env=x=y");

        Assert.Equal(0, exit);
        Assert.Equal(KeyVerdict.Valid, _bench.Check(output.TrimEnd('\r', '\n')));
        Assert.DoesNotContain(output.Trim(), error, StringComparison.Ordinal);
        var key = _bench.Store.Find(IdOf("ci"))!.Key;
        Assert.Equal(["chat", "gpt-*"], key.Routes);
        Assert.Equal(FakeSnapshots.Start.AddDays(30), key.ExpiresAt);
        Assert.Equal(("a", "x=y"), (key.Tags["team"], key.Tags["env"]));
    }

    [Theory]
    [InlineData("2027-01-01", "2027-01-01T00:00:00Z")]
    [InlineData("2027-01-01T08:00:00+08:00", "2027-01-01T00:00:00Z")]
    [InlineData("90s", "2026-11-01T00:01:30Z")]
    public void An_expiry_is_a_time_or_how_long_from_now(string expires, string at)
    {
        Create("--expires", expires);

        Assert.Equal(DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture), _bench.Store.Find(IdOf("ci"))!.Key.ExpiresAt);
    }

    [Theory]
    [InlineData("--expires", "soon")]
    [InlineData("--expires", "999999999d")]
    [InlineData("--tag", "team")]
    [InlineData("--nonsense", "x")]
    public void Wrong_usage_makes_no_key_and_is_told(string option, string value)
    {
        var (exit, output, error) = Create(option, value);

        Assert.NotEqual(0, exit);
        Assert.Contains(value == "x" ? option : value, error, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-", output, StringComparison.Ordinal);
        Assert.Empty(_bench.Store.List(new KeyQuery(null, null, true, 0, 10)));
    }

    [Theory]
    [InlineData("acne", "search", "--tenant: There is no tenant 'acne'. Did you mean 'acme'?")]
    [InlineData("acme", "serch", "--project: Tenant 'acme' has no project 'serch'. Did you mean 'search'?")]
    public void What_the_user_must_mend_is_exit_code_1(string tenant, string project, string says)
    {
        var (exit, output, error) = Run("create", "--tenant", tenant, "--project", project, "--name", "x");

        Assert.Equal((1, "", says), (exit, output, error.Trim()));
    }

    [Fact]
    public void A_past_expiry_and_a_name_that_is_taken_are_refused()
    {
        Assert.StartsWith("--expires: ", Create("--expires", "2026-10-31").Error, StringComparison.Ordinal);
        Create();
        Assert.StartsWith("--name: ", Create().Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_revoke_reaches_a_gateway_that_runs_on_the_same_folder()
    {
        var secret = Create().Output.Trim();
        using var gateway = await _bench.Second().StartedAsync();
        Assert.Equal(KeyVerdict.Valid, gateway.Check(secret));

        Assert.Equal((0, ""), (Run("revoke", IdOf("ci")) is var (exit, output, _) ? exit : -1, output));
        _bench.Time.Advance(KeyWatcher.Interval);

        Assert.Equal(KeyVerdict.Revoked, gateway.Check(secret));
    }

    [Fact]
    public void Rotate_prints_the_new_secret_and_keeps_the_old_one_for_the_grace()
    {
        var old = Create().Output.Trim();

        var (exit, output, _) = Run("rotate", IdOf("ci"), "--grace", "1h");

        Assert.Equal((0, KeyVerdict.Valid, KeyVerdict.Valid), (exit, _bench.Check(old), _bench.Check(output.Trim())));
        _bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal((KeyVerdict.Rotated, KeyVerdict.Valid), (_bench.Check(old), _bench.Check(output.Trim())));
        Assert.StartsWith("--grace: ", Run("rotate", IdOf("ci"), "--grace", "31d").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_not_there_and_keys_of_the_configuration_are_told_apart()
    {
        Assert.Contains("no such key", Run("revoke", "key_none").Error, StringComparison.Ordinal);
        var (exit, _, error) = Run("revoke", ConfiguredKey.IdOf("acme", "search", "configured"));
        Assert.Equal(1, exit);
        Assert.Contains("written in the configuration", error, StringComparison.Ordinal);
    }

    [Fact]
    public void List_shows_every_key_on_one_line_without_its_secret()
    {
        var secret = Create().Output.Trim();
        Run("create", "--tenant", "beta", "--project", "search", "--name", "other");
        Run("revoke", IdOf("other"));

        var table = Run("list").Output;
        Assert.DoesNotContain(secret, table, StringComparison.Ordinal);
        Assert.DoesNotContain("other", table, StringComparison.Ordinal);
        Assert.Single(table.Split('\n'), line => line.Contains(IdOf("ci"), StringComparison.Ordinal) && line.Contains(KeyText.Hint(secret), StringComparison.Ordinal));
        Assert.Contains("revoked", Run("list", "--all", "--tenant", "beta").Output, StringComparison.Ordinal);

        var json = JsonDocument.Parse(Run("list", "--format", "json", "--all").Output).RootElement;
        Assert.Equal(["configured", "ci", "other"], json.EnumerateArray().Select(key => key.GetProperty("name").GetString()));
        Assert.Equal(["active", "active", "revoked"], json.EnumerateArray().Select(key => key.GetProperty("status").GetString()));
        Assert.NotEqual(0, Run("list", "--format", "xml").Exit);
    }
}

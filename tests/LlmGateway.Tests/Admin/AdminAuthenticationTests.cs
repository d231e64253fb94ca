using System.Net;
using LlmGateway.Admin;
using LlmGateway.Keys;

namespace LlmGateway.Tests.Admin;

public sealed class AdminAuthenticationTests : IAsyncLifetime
{
    private AdminBench _bench = null!;

    public async Task InitializeAsync() => _bench = await AdminBench.StartAsync();

    public async Task DisposeAsync() => await _bench.DisposeAsync();

    [Theory]
    [InlineData("GET", "keys")]
    [InlineData("POST", "keys")]
    [InlineData("DELETE", "keys/key_x")]
    [InlineData("POST", "keys/key_x/rotate")]
    [InlineData("GET", "openapi.json")]
    [InlineData("PUT", "keys")]
    [InlineData("GET", "no/such/thing")]
    [InlineData("GET", "throws")]
    public async Task Without_the_key_nothing_is_told_not_even_what_there_is(string method, string path)
    {
        var none = await _bench.SendAsync(new HttpMethod(method), path, "{", "text/plain", null);
        none.AssertError(401, null);
        var wrong = await _bench.SendAsync(new HttpMethod(method), path, null, null, "Bearer admin-secret-012345678X");
        wrong.AssertError(401, "invalid_api_key");
        Assert.DoesNotContain("012345678X", wrong.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_with_less_or_more_is_another_key()
    {
        foreach (var key in new[] { AdminBench.AdminSecret[..^1], AdminBench.AdminSecret + "x", AdminBench.AdminSecret.ToUpperInvariant(), new string('x', 5000) })
        {
            (await _bench.SendAsync(HttpMethod.Get, "keys", null, null, $"Bearer {key}")).AssertError(401, "invalid_api_key");
        }

        Assert.Equal(HttpStatusCode.OK, (await _bench.SendAsync(HttpMethod.Get, "keys")).Status);
    }

    [Fact]
    public async Task A_virtual_key_is_not_an_admin_key()
    {
        var (_, secret) = await _bench.CreateAsync("ci");

        (await _bench.SendAsync(HttpMethod.Get, "keys", null, null, $"Bearer {secret}")).AssertError(401, "invalid_api_key");
    }

    [Fact]
    public async Task A_flood_of_guesses_writes_few_lines_without_the_guesses()
    {
        for (var i = 0; i < 20; i++)
        {
            await _bench.SendAsync(HttpMethod.Get, "keys", null, null, $"Bearer guess-number-{i}");
        }

        var lines = _bench.Keys.Log.Lines.Where(line => line.StartsWith("1250 ", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, lines.Count);
        Assert.Contains("16 requests", lines[^1], StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Keys.Log.Lines, line => line.Contains("guess-number", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failure_of_ours_is_a_500_without_its_inner_words()
    {
        var answer = await _bench.SendAsync(HttpMethod.Get, "throws");

        answer.AssertError(500, null);
        Assert.DoesNotContain("inner words", answer.Text, StringComparison.Ordinal);
        Assert.Contains(_bench.Keys.Log.Lines, line => line.StartsWith("1251 ", StringComparison.Ordinal) && line.Contains("inner words", StringComparison.Ordinal));
    }

    [Fact]
    public void The_generated_key_stays_and_is_readable_by_its_owner_only()
    {
        AdminKey.Load(_bench.Keys.Folder, null);
        var file = new FileInfo(Path.Combine(_bench.Keys.Folder, AdminKey.FileName));
        var text = File.ReadAllText(file.FullName).Trim();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, file.UnixFileMode);
        Assert.Matches("^admin-[0-9A-Za-z]{43}$", text);
        Assert.True(AdminKey.Load(_bench.Keys.Folder, null).Matches(text));
    }

    [Fact]
    public void A_key_of_the_environment_wins_over_the_file_and_must_have_16_characters()
    {
        Assert.True(AdminKey.Load(_bench.Keys.Folder, "0123456789abcdef").Matches("0123456789abcdef"));

        var error = Assert.Throws<SecretUnusableException>(() => AdminKey.Load(_bench.Keys.Folder, "0123456789abcde"));
        Assert.Equal("LLMGATEWAY_ADMIN_KEY: the admin key has 15 characters: give it 16 to 512.", error.Message);
    }

    [Fact]
    public void The_key_does_not_show_as_text() =>
        Assert.DoesNotContain("secret-0123", new AdminKey(new(AdminBench.AdminSecret)).ToString(), StringComparison.Ordinal);
}

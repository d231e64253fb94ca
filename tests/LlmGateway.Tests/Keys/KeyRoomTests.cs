using System.Text.Json;
using CsCheck;
using LlmGateway.Catalog;
using LlmGateway.Keys;

namespace LlmGateway.Tests.Keys;

public sealed class KeyRoomTests : IDisposable
{
    private readonly KeyBench _bench = new(
        FakeSnapshots.Key("ci", "sk-configured-0123456789"),
        FakeSnapshots.Key("late", "sk-late", expires: FakeSnapshots.Start + TimeSpan.FromHours(1)),
        FakeSnapshots.Key("off", "sk-off", enabled: false),
        FakeSnapshots.Key("unset", ""));

    public KeyRoomTests() => _bench.Keeper.Refresh();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("Authorization", "Bearer sk-configured-0123456789")]
    [InlineData("Authorization", "bearer   sk-configured-0123456789 ")]
    [InlineData("api-key", "sk-configured-0123456789")]
    [InlineData("x-api-key", "sk-configured-0123456789")]
    public void A_configured_key_is_known_in_each_of_the_three_headers(string header, string value)
    {
        var (error, key) = _bench.Enter((header, value));

        Assert.Null(error);
        Assert.Equal(("acme", "search", "ci"), (key!.Tenant, key.Project, key.Name));
        Assert.Equal(ConfiguredKey.IdOf("acme", "search", "ci"), key.Id);
    }

    [Fact]
    public void The_same_key_in_two_headers_is_one_key()
    {
        Assert.Null(_bench.Enter(("Authorization", "Bearer sk-configured-0123456789"), ("api-key", "sk-configured-0123456789")).Error);
    }

    [Fact]
    public void An_empty_bearer_beside_an_api_key_does_not_count()
    {
        Assert.Null(_bench.Enter(("Authorization", "Bearer "), ("api-key", "sk-configured-0123456789")).Error);
    }

    [Theory]
    [InlineData("Authorization", "Bearer sk-configured-0123456789", "x-api-key", "sk-other")]
    [InlineData("api-key", "sk-configured-0123456789", "x-api-key", "sk-other")]
    [InlineData("Authorization", "Bearer sk-other", "Authorization", "Bearer sk-configured-0123456789")]
    public void Keys_that_disagree_are_refused_though_one_is_good(string first, string firstValue, string second, string secondValue)
    {
        var (error, key) = _bench.Enter((first, firstValue), (second, secondValue));

        Assert.Null(key);
        Assert.Equal(401, error!.Status);
        Assert.Contains("different API keys", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_key_is_a_401_without_a_code()
    {
        var (error, _) = _bench.Enter();

        Assert.Equal((401, "invalid_request_error", null, false), (error!.Status, error.Type, error.Code, error.Retryable));
        Assert.Contains("Authorization: Bearer", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _bench.Meters.Counts["key_checks_total{result=missing}"]);
    }

    [Theory]
    [InlineData("sk-abcdefghijklmnopqrstuvwxyz", "sk-ab***yz")]
    [InlineData("a-key-of-another-system", "a-***em")]
    [InlineData("sk-short", "***")]
    [InlineData("sk-ab\r\nforged: 1 sk-configured", "***")]
    public void An_unknown_key_is_a_401_that_echoes_next_to_nothing(string presented, string echo)
    {
        var (error, _) = _bench.Enter(("api-key", presented));

        Assert.Equal((401, "invalid_request_error", "invalid_api_key", false), (error!.Status, error.Type, error.Code, error.Retryable));
        Assert.Contains($": {echo}. ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_echo_never_holds_more_than_seven_characters_of_the_key() => Gen.String[Gen.Char['!', '~'], 0, 600].Sample(key =>
    {
        var shown = KeyText.Redact(key);
        Assert.True(shown.Length <= 10 && (shown == "***" || key.Length >= 20));
    });

    [Fact]
    public void Basic_authentication_is_told_what_is_wanted()
    {
        Assert.Contains("must be 'Bearer", _bench.Enter(("Authorization", "Basic c2stY29uZmlndXJlZA==")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_beyond_the_bound_is_refused_before_it_is_hashed()
    {
        var (error, _) = _bench.Enter(("api-key", new string('k', KeyText.MaxLength + 1)));

        Assert.Contains("513 characters", error!.Message, StringComparison.Ordinal);
        Assert.Equal(KeyVerdict.Unknown, _bench.Check(new string('k', 100_000)));
    }

    [Fact]
    public void A_key_expires_at_its_instant_and_not_before()
    {
        _bench.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Null(_bench.Enter(("api-key", "sk-late")).Error);

        _bench.Time.Advance(TimeSpan.FromTicks(1));
        var error = _bench.Enter(("api-key", "sk-late")).Error!;
        Assert.Equal("This API key expired at 2026-11-01T01:00:00Z.", error.Message);
        Assert.Equal("invalid_api_key", error.Code);
    }

    [Fact]
    public void A_disabled_key_says_so()
    {
        Assert.Contains("disabled", _bench.Enter(("api-key", "sk-off")).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_refusal_is_a_401_of_its_own_words_without_names_or_secrets()
    {
        var key = KeyBench.Spec("secret-name", "secret-tenant", "secret-project") with { ExpiresAt = FakeSnapshots.Start };
        var errors = Enum.GetValues<KeyVerdict>().Where(verdict => verdict is not (KeyVerdict.Valid or KeyVerdict.Undecided))
            .Select(verdict => KeyErrors.Of(verdict, key, "sk-0123456789abcdefghij", "Problem.")).ToList();

        Assert.All(errors, error => Assert.Equal(401, error.Status));
        Assert.All(errors, error => Assert.DoesNotMatch("secret-|0123456789", JsonSerializer.Serialize(error)));
        Assert.Equal(errors.Count, errors.Select(error => error.Message).Distinct().Count());
    }

    [Fact]
    public void While_the_store_is_away_a_key_that_it_may_know_is_a_503_and_what_it_cannot_know_a_401()
    {
        var (_, known) = _bench.Create();
        _bench.Keeper.Lost(new InvalidOperationException("gone"));

        Assert.Null(_bench.Enter(("api-key", known)).Error);
        var undecided = _bench.Enter(("api-key", KeyText.Generate())).Error!;
        Assert.Equal((503, "keys_unavailable", true, 5), (undecided.Status, undecided.Code, undecided.Retryable, undecided.RetryAfter!.Value.TotalSeconds));
        Assert.Equal(401, _bench.Enter(("api-key", "sk-of-somebody-elses-making")).Error!.Status);
        Assert.Equal(401, _bench.Enter(("api-key", KeyText.Generate() + "x")).Error!.Status);

        _bench.Keeper.Refresh();
        Assert.Equal(401, _bench.Enter(("api-key", KeyText.Generate())).Error!.Status);
    }

    [Fact]
    public void A_check_allocates_nothing()
    {
        var now = _bench.Time.GetUtcNow();
        for (var i = 0; i < 100; i++)
        {
            _bench.Directories.Check("sk-configured-0123456789", now);
        }

        Assert.Equal(0, Garbage.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _bench.Directories.Check("sk-configured-0123456789", now);
            }
        }));
    }
}

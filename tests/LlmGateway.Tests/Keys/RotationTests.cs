using LlmGateway.Keys;

namespace LlmGateway.Tests.Keys;

public sealed class RotationTests : IDisposable
{
    private readonly KeyBench _bench = new();

    public void Dispose() => _bench.Dispose();

    private string Rotate(string id, TimeSpan grace) => _bench.Store.Rotate(id, "test", grace).Secret!.Reveal();

    [Fact]
    public void Both_secrets_are_good_during_the_grace_and_only_the_new_one_from_its_end()
    {
        var (record, old) = _bench.Create();
        var fresh = Rotate(record.Key.Id, TimeSpan.FromHours(1));

        Assert.Equal((KeyVerdict.Valid, KeyVerdict.Valid), (_bench.Check(old), _bench.Check(fresh)));

        _bench.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(KeyVerdict.Valid, _bench.Check(old));

        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((KeyVerdict.Rotated, KeyVerdict.Valid), (_bench.Check(old), _bench.Check(fresh)));
        Assert.Contains("replaced by a newer one", _bench.Enter(("api-key", old)).Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_grace_the_old_secret_ends_at_once()
    {
        var (record, old) = _bench.Create();
        Rotate(record.Key.Id, TimeSpan.Zero);

        Assert.Equal(KeyVerdict.Rotated, _bench.Check(old));
    }

    [Fact]
    public void A_second_rotation_does_not_lengthen_the_grace_of_the_first()
    {
        var (record, first) = _bench.Create();
        var second = Rotate(record.Key.Id, TimeSpan.FromMinutes(1));
        Rotate(record.Key.Id, TimeSpan.FromHours(1));

        _bench.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal((KeyVerdict.Rotated, KeyVerdict.Valid), (_bench.Check(first), _bench.Check(second)));
    }

    [Fact]
    public void A_rotation_without_grace_ends_an_earlier_grace_too()
    {
        var (record, first) = _bench.Create();
        Rotate(record.Key.Id, TimeSpan.FromDays(1));
        Rotate(record.Key.Id, TimeSpan.Zero);

        Assert.Equal(KeyVerdict.Rotated, _bench.Check(first));
    }

    [Fact]
    public void A_revoke_ends_every_secret()
    {
        var (record, old) = _bench.Create();
        var fresh = Rotate(record.Key.Id, TimeSpan.FromHours(1));
        _bench.Store.Revoke(record.Key.Id, "test");

        Assert.Equal((KeyVerdict.Revoked, KeyVerdict.Revoked), (_bench.Check(old), _bench.Check(fresh)));
    }

    [Fact]
    public void The_key_keeps_its_id_and_shows_the_hint_of_the_new_secret()
    {
        var (record, _) = _bench.Create();
        var change = _bench.Store.Rotate(record.Key.Id, "test", TimeSpan.Zero);

        Assert.Equal((record.Key.Id, KeyText.Hint(change.Secret!.Reveal())), (change.Record!.Key.Id, change.Record.Hint));
        Assert.Equal(FakeSnapshots.Start, change.Record.RotatedAt);
    }
}

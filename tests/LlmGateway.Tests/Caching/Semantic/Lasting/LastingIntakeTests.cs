using LlmGateway.Caching.Semantic;
using LlmGateway.Caching.Semantic.Index;
using LlmGateway.Caching.Semantic.Lasting;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

/// <summary>What is read from elsewhere is held against the route that it is for.</summary>
public sealed class LastingIntakeTests : IDisposable
{
    private readonly SemanticRig _rig = new();

    private LastingIntake Intake => _rig.Services.GetRequiredService<LastingIntake>();

    private EntryCipher Cipher => _rig.Services.GetRequiredService<EntryCipher>();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void One_of_the_same_embedder_is_taken_with_its_confirmation()
    {
        var (entry, closed) = Closed(_rig.State.Embedder!.Id, _rig.State.Entries!.Dimensions);
        var confirmation = Cipher.Seal(SealPurpose.Confirmation, entry.Space, entry.Id, []);
        var read = Intake.Open(_rig.State, entry.Space, entry.Id, closed, confirmation);
        Assert.True(read!.Entry.IsConfirmed);
        Assert.True(Intake.Take(_rig.State, read));
        Assert.Equal(1, _rig.State.Entries.Count);
        Assert.False(Intake.Open(_rig.State, entry.Space, entry.Id, closed, closed)!.Entry.IsConfirmed);
    }

    [Fact]
    public void Vectors_of_another_embedder_or_of_other_dimensions_are_refused()
    {
        var (entry, other) = Closed("another", _rig.State.Entries!.Dimensions);
        Assert.Null(Intake.Open(_rig.State, entry.Space, entry.Id, other, default));
        var (_, shorter) = Closed(_rig.State.Embedder!.Id, _rig.State.Entries.Dimensions - 8);
        Assert.Null(Intake.Open(_rig.State, entry.Space, entry.Id, shorter, default));
        Assert.Equal(1, _rig.Logs.Count(7152));
    }

    [Fact]
    public void So_is_what_has_expired_and_what_is_under_the_name_of_another()
    {
        var (entry, closed) = Closed(_rig.State.Embedder!.Id, _rig.State.Entries!.Dimensions);
        Assert.Null(Intake.Open(_rig.State, entry.Space, new EntryId(9, 9), closed, default));
        _rig.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(Intake.Open(_rig.State, entry.Space, entry.Id, closed, default));
    }

    private (SemanticEntry Entry, byte[] Closed) Closed(string embedder, int dimensions)
    {
        var entry = SomeQuestion.Of(1, seconds: 60);
        var vector = new StoredVector(new ulong[(dimensions + 63) / 64], [.. Enumerable.Repeat((sbyte)3, dimensions)], 0.01f);
        return (entry, Cipher.Seal(SealPurpose.Entry, entry.Space, entry.Id, LastingFormat.Write(entry, vector, embedder)));
    }
}

using LlmGateway.Caching.Entries;
using LlmGateway.Caching.Semantic.Index;

namespace LlmGateway.Caching.Semantic.Lasting;

/// <summary>Takes sealed entries into the index of a route, if they are for it.</summary>
internal sealed class LastingIntake(EntryCipher cipher, LastingMetrics metrics, TimeProvider time, ILogger<LastingIntake> logger)
{
    private readonly FailureLog _failures = new(time);

    /// <summary>Opens an entry. Null, counted and told, where it is damaged, of another embedder, or over.</summary>
    /// <param name="confirmation">Sealed; empty where it is not confirmed.</param>
    public LastingEntry? Open(SemanticRoute route, CacheKey space, EntryId id, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> confirmation)
    {
        if (cipher.Open(SealPurpose.Entry, space, id, entry) is not { } bytes)
        {
            return Refuse("unreadable", "it was sealed with another secret, or is damaged");
        }

        if (LastingFormat.Read(space, bytes) is not { } read || read.Entry.Id != id)
        {
            return Refuse("unreadable", "it is of another version, or is damaged");
        }

        if (read.Embedder != route.Embedder!.Id || read.Vector.Codes.Length != route.Entries!.Dimensions ||
            read.Vector.Sketch.Length != (route.Entries.Dimensions + 63) / 64)
        {
            return Refuse("embedder", "its vector is of another embedder");
        }

        if (read.Entry.ExpiresAt <= time.GetUtcNow())
        {
            metrics.Refused("expired");
            return null;
        }

        if (IsConfirmation(space, id, confirmation))
        {
            read.Entry.Confirm();
        }

        return read;
    }

    public bool IsConfirmation(CacheKey space, EntryId id, ReadOnlySpan<byte> confirmation) =>
        !confirmation.IsEmpty && cipher.Open(SealPurpose.Confirmation, space, id, confirmation) is not null;

    /// <returns>Whether it is in the index now, or one as good.</returns>
    public bool Take(SemanticRoute route, LastingEntry read)
    {
        if (route.Entries!.Take(read.Entry, read.Vector))
        {
            return true;
        }

        metrics.Refused("room");
        return false;
    }

    public LastingEntry? Refuse(string why, string told)
    {
        metrics.Refused(why);
        if (_failures.MaySpeak(out var more))
        {
            logger.Unreadable(told, more);
        }

        return null;
    }
}

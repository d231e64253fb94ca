using System.Text;
using CsCheck;
using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Caching.Entries;

public sealed class EntryFormatTests
{
    private const int Largest = 1 << 20;

    private static readonly Gen<DateTimeOffset> Instants = Gen.Long[1, DateTimeOffset.MaxValue.Ticks].Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private static readonly Gen<CacheEntry> Entries =
        from document in Gen.Byte[0, 3].Array[0, 300]
        from texts in Gen.String.Array[7]
        from tags in Gen.String.Array[0, 4]
        from instants in Instants.Array[3]
        from isStale in Gen.Bool
        from cost in Gen.Decimal
        from isPriced in Gen.Bool
        from numbers in Gen.Long.Array[5]
        from kind in Gen.Byte
        select new CacheEntry
        {
            Document = document,
            Tenant = texts[0],
            Project = texts[1],
            KeyId = texts[2],
            Route = texts[3],
            Deployment = texts[4],
            ModelAnswered = texts[5],
            RequestId = texts[6],
            Tags = tags,
            StoredAt = instants[0],
            ExpiresAt = instants[1],
            StaleUntil = isStale ? instants[2] : null,
            Cost = isPriced ? new Money(cost, Currency.Usd) : null,
            Took = new TimeSpan(numbers[0]),
            InputTokens = numbers[1],
            OutputTokens = numbers[2],
            Kind = kind,
            Stamp = new PurgeStamp((ulong)numbers[3], numbers[4], PurgeStamp.Elsewhere),
        };

    [Fact]
    public void What_is_written_is_read() =>
        Entries.Select(Gen.Int[0, 400]).Sample((entry, compressFrom) =>
        {
            // Strings that are no Unicode come back as what Unicode has for them.
            entry = Valid(entry);
            var bytes = EntryFormat.Write(SomeEntry.Key(1), entry, compressFrom);
            var read = EntryFormat.Read(SomeEntry.Key(1), bytes, Largest);
            Assert.NotNull(read);
            Assert.Equal(entry.Document.ToArray(), read.Document.ToArray());
            Assert.Equal(entry.Tags, read.Tags);
            Assert.Equal(entry with { Document = default, Tags = [] }, read with { Document = default, Tags = [] });
        });

    [Fact]
    public void A_local_number_does_not_leave_the_node()
    {
        var bytes = EntryFormat.Write(SomeEntry.Key(1), SomeEntry.With(stamp: new PurgeStamp(7, 8, 9)), Largest);
        Assert.Equal(new PurgeStamp(7, 8, PurgeStamp.Elsewhere), EntryFormat.Read(SomeEntry.Key(1), bytes, Largest)!.Stamp);
    }

    [Fact]
    public void A_long_document_is_compressed_and_a_short_one_is_not()
    {
        var text = string.Concat(Enumerable.Repeat("all work and no play ", 500));
        Assert.True(EntryFormat.Write(SomeEntry.Key(1), SomeEntry.With(text), 4096).Length < text.Length / 4);
        Assert.True(EntryFormat.Write(SomeEntry.Key(1), SomeEntry.With(text), text.Length + 1).Length > text.Length);
    }

    [Fact]
    public void What_is_cut_or_altered_in_any_byte_is_refused() =>
        Gen.Select(Entries, Gen.Int[0, 400], Gen.Int[0, 10_000], Gen.Int[1, 255], Gen.Bool).Sample((entry, compressFrom, at, change, isCut) =>
        {
            var bytes = EntryFormat.Write(SomeEntry.Key(1), Valid(entry), compressFrom);
            at %= bytes.Length;
            bytes[at] ^= (byte)change;
            Assert.Null(EntryFormat.Read(SomeEntry.Key(1), isCut ? bytes[..at] : bytes, Largest));
        });

    [Fact]
    public void What_was_never_an_entry_is_refused() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Null(EntryFormat.Read(SomeEntry.Key(1), bytes, Largest)));

    [Fact]
    public void An_entry_under_the_key_of_another_is_refused() =>
        Assert.Null(EntryFormat.Read(SomeEntry.Key(2), EntryFormat.Write(SomeEntry.Key(1), SomeEntry.With(), 4096), Largest));

    [Fact]
    public void A_document_that_is_too_large_is_refused_before_there_is_room_for_it()
    {
        var bytes = EntryFormat.Write(SomeEntry.Key(1), SomeEntry.With(new string('x', 5000)), 1);
        Assert.NotNull(EntryFormat.Read(SomeEntry.Key(1), bytes, 5000));
        Assert.Null(EntryFormat.Read(SomeEntry.Key(1), bytes, 4999));
    }

    /// <summary>Who alters an entry may mend its hash: that is a miss too, whatever is in it.</summary>
    [Fact]
    public void Parts_that_make_no_sense_are_refused_with_a_right_hash_also() =>
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            var reader = new EntryReader(bytes);
            for (var i = 0; i < 50; i++)
            {
                reader.Instant();
                reader.Amount();
                reader.Texts();
                reader.Text();
            }

            Assert.True(reader.Failed);
        });

    private static CacheEntry Valid(CacheEntry entry) => entry with
    {
        Tenant = Valid(entry.Tenant),
        Project = Valid(entry.Project),
        KeyId = Valid(entry.KeyId),
        Route = Valid(entry.Route),
        Deployment = Valid(entry.Deployment),
        ModelAnswered = Valid(entry.ModelAnswered),
        RequestId = Valid(entry.RequestId),
        Tags = [.. entry.Tags.Select(Valid)],
    };

    private static string Valid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

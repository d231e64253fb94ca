using CsCheck;
using LlmGateway.Caching.Semantic.Lasting;

namespace LlmGateway.Tests.Caching.Semantic.Lasting;

public sealed class LastingFormatTests
{
    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(SomeQuestion.Entries, SomeQuestion.Vectors).Sample((entry, vector) =>
        {
            var read = LastingFormat.Read(SomeQuestion.Space, LastingFormat.Write(entry, vector, SomeQuestion.Embedder));
            Assert.NotNull(read);
            Assert.Equal(SomeQuestion.Embedder, read.Embedder);
            Assert.Equal(
                (entry.Key, entry.Partition, entry.Space, entry.Text, entry.Equality, entry.Writer, entry.ExpiresAt),
                (read.Entry.Key, read.Entry.Partition, read.Entry.Space, read.Entry.Text, read.Entry.Equality, read.Entry.Writer, read.Entry.ExpiresAt));
            Assert.Equal((entry.Saved, entry.AnswerBytes, entry.Id), (read.Entry.Saved, read.Entry.AnswerBytes, read.Entry.Id));
            Assert.Equal(vector.Sketch, read.Vector.Sketch);
            Assert.Equal(vector.Codes, read.Vector.Codes);
            Assert.Equal(vector.Scale, read.Vector.Scale);
            Assert.False(read.Entry.IsConfirmed);
        });

    [Fact]
    public void What_is_cut_or_longer_or_of_another_version_is_none() =>
        Gen.Select(SomeQuestion.Entries, SomeQuestion.Vectors, Gen.Int[0, 10_000]).Sample((entry, vector, at) =>
        {
            var bytes = LastingFormat.Write(entry, vector, SomeQuestion.Embedder);
            Assert.Null(LastingFormat.Read(SomeQuestion.Space, bytes.AsSpan(0, at % bytes.Length)));
            Assert.Null(LastingFormat.Read(SomeQuestion.Space, [.. bytes, 0]));
            bytes[0]++;
            Assert.Null(LastingFormat.Read(SomeQuestion.Space, bytes));
        });

    [Fact]
    public void No_bytes_whatever_make_it_throw() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            byte[] garbage = [LastingFormat.Version, .. bytes];
            Assert.Null(LastingFormat.Read(SomeQuestion.Space, garbage));
        });
}

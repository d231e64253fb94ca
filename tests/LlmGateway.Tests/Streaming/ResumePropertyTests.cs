using System.Text;
using CsCheck;
using LlmGateway.Catalog;

namespace LlmGateway.Tests.Streaming;

/// <summary>Whatever the text, wherever it is cut: what was delivered and what came behind it are the text.</summary>
public class ResumePropertyTests
{
    private static readonly string[] Odd = ["\"", "\\", "/", "\n", "\t", "\u0001", "\u2028", "é", "水", "𝄞", "😀", "👩‍🔬", "<", "&", "\uFFFD"];

    private static readonly Gen<string> Rune = Gen.OneOf(
        Gen.Char['a', 'z'].Select(letter => letter.ToString()),
        Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]));

    private static readonly Gen<string[]> Pieces = Rune.Array[0, 4].Select(string.Concat).Array[1, 8];

    private static readonly Gen<(string[] First, string[] Second, bool Ascii1, bool Ascii2, int PerRead)> Answers =
        Gen.Select(Pieces, Gen.Int[1, 5], Gen.Bool, Gen.Bool, Gen.Int[1, 90])
            .Select((pieces, every, one, two, perRead) => (pieces, Regroup(string.Concat(pieces), every), one, two, perRead));

    [Fact]
    public void An_answer_that_begins_anew_is_joined_at_the_very_character() =>
        Gen.Select(Answers, Gen.Int[0, 100]).Sample((answer, cut) =>
        {
            var (first, second, ascii1, ascii2, perRead) = answer;
            using var rig = new StreamRig();
            rig.Then(new ProviderBytes(Wire.Answer(second, "two", ascii2), perRead));

            var view = Run(rig, Cut(Wire.Answer(first, ascii: ascii1), cut, perRead));

            AssertWhole(view, string.Concat(first));
        }, iter: 400);

    [Fact]
    public void An_answer_that_goes_on_from_the_prefix_is_joined_behind_it() =>
        Gen.Select(Answers, Gen.Int[0, 100]).Sample((answer, cut) =>
        {
            var (first, _, ascii1, ascii2, perRead) = answer;
            var wire = Wire.Answer(first, ascii: ascii1);
            var delivered = Delivered(wire, cut);
            var text = string.Concat(first);
            using var rig = new StreamRig();
            rig.Then(new ProviderBytes(Wire.Answer(Regroup(text[delivered.Length..], 2), "two", ascii2), perRead), fromPrefix: true);

            var view = Run(rig, Cut(wire, cut, perRead));

            AssertWhole(view, text);
            Assert.All(rig.Prefixes, prefix => Assert.Equal(delivered, System.Text.Json.JsonDocument.Parse($"\"{prefix}\"").RootElement.GetString()));
        }, iter: 400);

    [Fact]
    public void However_many_die_on_the_way_the_text_is_one() =>
        Gen.Select(Answers, Gen.Int[0, 100].Array[1, 4]).Sample((answer, cuts) =>
        {
            var (first, second, ascii1, ascii2, perRead) = answer;
            using var rig = new StreamRig();
            foreach (var cut in cuts.Skip(1))
            {
                rig.Then(Cut(Wire.Answer(second, "three", ascii2), cut, perRead));
            }

            rig.Then(new ProviderBytes(Wire.Answer(first, "two", ascii1), perRead));

            AssertWhole(Run(rig, Cut(Wire.Answer(first, ascii: ascii1), cuts[0], perRead)), string.Concat(first));
        }, iter: 300);

    [Fact]
    public async Task A_cut_at_any_byte_of_the_wire_is_mended()
    {
        var pieces = new[] { "A\"b", "水\\", "😀é\n", "end" };
        var wire = Wire.Bytes(Wire.Answer(pieces, ascii: true));
        for (var at = Wire.Bytes(Wire.Role()).Length + 1; at < wire.Length; at++)
        {
            using var rig = new StreamRig();
            rig.Then(Wire.Answer(["A\"b水\\😀", "é\nend"], "two"));

            var stream = await rig.RunAsync(new ProviderBytes(wire[..at], end: ProviderEnd.Breaks));

            if (stream is not null)
            {
                AssertWhole(new ClientView(stream), string.Concat(pieces));
            }
            else
            {
                Assert.Null(rig.Attempts[0].FirstEventAt);
            }
        }
    }

    [Fact]
    public void A_text_that_departs_ends_with_the_error_and_never_with_success() =>
        Gen.Select(Answers, Gen.Int[0, 100], Gen.Int[0, 100]).Sample((answer, cut, at) =>
        {
            var (first, _, ascii1, ascii2, perRead) = answer;
            var wire = Wire.Answer(first, ascii: ascii1);
            var delivered = Delivered(wire, cut).EnumerateRunes().Select(rune => rune.ToString()).ToArray();
            if (delivered.Length == 0)
            {
                return;
            }

            delivered[at % delivered.Length] = "Ω";
            using var rig = new StreamRig();
            var second = new ProviderBytes(Wire.Answer([.. delivered, "and more"], "two", ascii2), perRead);
            rig.Then(second);

            var stream = rig.RunAsync(Cut(wire, cut, perRead)).GetAwaiter().GetResult()!;
            var view = new ClientView(stream);

            if (view.FinishReasons.Count > 0)
            {
                // The first stream had finished all but the mark.
                Assert.Empty(rig.Prefixes);
                return;
            }

            Assert.Equal("upstream_error", view.Error);
            Assert.False(view.IsDone);
            Assert.Equal(LlmGateway.Upstream.AttemptResult.Cancelled, rig.Attempts[1].Outcome!.Result);
            Assert.Equal([1, 2], rig.Settled);
            Assert.True(second.IsDisposed);
            Assert.Equal("upstream_error", rig.Exchange.Broken);
        }, iter: 300);

    [Fact]
    public void Held_back_or_not_the_same_answer_arrives() => Answers.Sample(answer =>
    {
        var wire = Wire.Answer(answer.First, ascii: answer.Ascii1, usage: Wire.Usage(5, 7));
        using var held = new StreamRig(rule: MidStreamRule.Buffer);
        using var plain = new StreamRig(rule: MidStreamRule.Error);

        var one = held.RunAsync(new ProviderBytes(wire, answer.PerRead)).GetAwaiter().GetResult();
        var two = plain.RunAsync(new ProviderBytes(wire, answer.PerRead)).GetAwaiter().GetResult();

        Assert.Equal(wire, one);
        Assert.Equal(wire, two);
    }, iter: 100);

    private static ClientView Run(StreamRig rig, ProviderBytes first) => new(rig.RunAsync(first).GetAwaiter().GetResult()!);

    private static void AssertWhole(ClientView view, string text)
    {
        Assert.Null(view.Error);
        Assert.Equal(text, view.Content);
        Assert.True(view.IsDone);
        Assert.Equal(["stop"], view.FinishReasons);
        Assert.Equal(1, view.Roles);
        Assert.Equal(["one model-one 3 fp-one"], view.Heads);
    }

    /// <summary>The stream up to a place behind its first event of substance, and then a broken connection.</summary>
    private static ProviderBytes Cut(string wire, int percent, int perRead) =>
        new(Wire.Bytes(wire)[..Place(wire, percent)], perRead, ProviderEnd.Breaks);

    private static int Place(string wire, int percent)
    {
        // The first event that says anything must be whole, or there is nothing to go on with.
        var events = wire.Split("\n\n");
        var first = Array.FindIndex(events, data => !data.Contains("\"content\":\"\"", StringComparison.Ordinal));
        var least = Encoding.UTF8.GetByteCount(string.Concat(events.Take(first + 1).Select(data => data + "\n\n")));
        var most = Encoding.UTF8.GetByteCount(wire);
        return least + (most - least) * percent / 100;
    }

    /// <summary>The text of the events that are whole before the cut.</summary>
    private static string Delivered(string wire, int percent)
    {
        var bytes = Wire.Bytes(wire).AsSpan(0, Place(wire, percent));
        var end = bytes.LastIndexOf("\n\n"u8) + 2;
        return new ClientView(Encoding.UTF8.GetString(bytes[..end])).Content;
    }

    private static string[] Regroup(string text, int every) =>
        [.. text.EnumerateRunes().Select(rune => rune.ToString()).Chunk(every).Select(runes => string.Concat(runes))];
}

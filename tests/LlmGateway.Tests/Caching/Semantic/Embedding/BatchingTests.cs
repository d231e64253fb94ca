using LlmGateway.Caching.Semantic.Embedding;

namespace LlmGateway.Tests.Caching.Semantic.Embedding;

public class BatchingTests
{
    private readonly EmbedderRig _rig = new();

    [Fact]
    public async Task What_is_asked_within_the_window_goes_in_one_call_and_each_gets_its_own()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        var one = _rig.Ask("one");
        _rig.Time.Advance(_rig.Options.Window / 2);
        var three = _rig.Ask("three");
        Assert.Empty(_rig.Transport.Calls);
        _rig.Time.Advance(_rig.Options.Window / 2);

        Same("one", await one);
        Same("three", await three);
        Assert.Equal(["one", "three"], Assert.Single(_rig.Transport.Calls).Inputs);
    }

    [Fact]
    public async Task A_call_that_is_full_does_not_wait()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        var answers = new[] { _rig.Ask("a"), _rig.Ask("b"), _rig.Ask("c"), _rig.Ask("d") };

        await Task.WhenAll(answers[..3]);
        Assert.Equal(["a", "b", "c"], Assert.Single(_rig.Transport.Calls).Inputs);
        Assert.False(answers[3].IsCompleted);

        _rig.Time.Advance(_rig.Options.Window);
        Same("d", await answers[3]);
        Assert.Equal(["d"], _rig.Transport.Calls[1].Inputs);
    }

    [Fact]
    public async Task What_is_booked_apart_never_goes_in_one_call()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        EmbeddingContext[] contexts =
        [
            EmbedderRig.Acme, EmbedderRig.Acme with { Tenant = "globex" }, EmbedderRig.Acme with { KeyId = "key_2" }, EmbedderRig.Acme with { Project = "chat" },
            EmbedderRig.Acme with { Route = "chat" }, EmbedderRig.Acme with { User = "ann" }, EmbedderRig.Acme with { Tags = """{"team":"red"}""" },
        ];
        var answers = contexts.SelectMany(context => new[] { _rig.Ask("same", context), _rig.Ask("of " + context, context) }).ToArray();
        _rig.Time.Advance(_rig.Options.Window);
        await Task.WhenAll(answers);

        Assert.Equal(contexts.Length, _rig.Transport.Calls.Length);
        Assert.All(contexts, context => Assert.Equal(["same", "of " + context], Assert.Single(_rig.Transport.Calls, call => call.Context == context).Inputs));
    }

    [Fact]
    public async Task The_same_text_at_once_is_asked_once()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        var answers = Enumerable.Range(0, 20).Select(_ => _rig.Ask("same")).ToArray();
        _rig.Time.Advance(_rig.Options.Window);

        Assert.All(await Task.WhenAll(answers), answer => Same("same", answer));
        Assert.Equal(["same"], Assert.Single(_rig.Transport.Calls).Inputs);
    }

    [Fact]
    public async Task What_was_asked_is_not_asked_again_but_by_another_tenant()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        await _rig.AskAlone("known");

        Same("known", await _rig.Ask("known"));
        Same("known", await _rig.Ask("known", EmbedderRig.Acme with { KeyId = "key_2" }));
        Assert.Single(_rig.Transport.Calls);

        var stranger = _rig.Ask("known", EmbedderRig.Acme with { Tenant = "globex" });
        _rig.Time.Advance(_rig.Options.Window);
        await stranger;
        Assert.Equal(2, _rig.Transport.Calls.Length);
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_text_that_is_empty_or_too_long()
    {
        Assert.Equal(EmbeddingGap.Empty, (await _rig.Ask("")).Gap);
        Assert.Equal(EmbeddingGap.TooLong, (await _rig.Ask(new string('x', _rig.Options.MostCharacters + 1))).Gap);
        _rig.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(_rig.Transport.Calls);
    }

    [Fact]
    public async Task From_many_threads_each_text_gets_its_own_vector()
    {
        _rig.Transport.Answers = FakeTransport.VectorsOf;
        var texts = Enumerable.Range(0, 2000).Select(number => $"{(char)('a' + (number % 26))}{number * 7919}").ToArray();
        var answers = new Task<EmbeddingResult>[texts.Length];
        Parallel.For(0, texts.Length, i => answers[i] = _rig.Ask(texts[i], EmbedderRig.Acme with { Tenant = $"t{i % 5}" }));
        _rig.Time.Advance(_rig.Options.Window);
        await Task.WhenAll(answers);

        Assert.All(texts.Zip(answers), pair => Same(pair.First, pair.Second.Result));
        Assert.All(_rig.Transport.Calls, call => Assert.InRange(call.Inputs.Length, 1, _rig.Options.MostInputs));
        Assert.Equal(texts.Order(), _rig.Transport.Calls.SelectMany(call => call.Inputs).Order());
    }

    private static void Same(string text, EmbeddingResult answer)
    {
        var expected = UnitVector.From(FakeTransport.VectorOf(text), 4).Vector.ToArray();
        Assert.Equal(expected, answer.Vector.ToArray());
        Assert.Equal(1, UnitVector.Cosine(expected, expected), 1e-6);
    }
}

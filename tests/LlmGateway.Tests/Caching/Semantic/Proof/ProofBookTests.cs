using System.Data.Common;
using CsCheck;
using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

public sealed class ProofBookTests : IDisposable
{
    private readonly SqliteDatabase _database = new(Directory.CreateTempSubdirectory("proofs-").FullName);
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 18, 9, 0, 0, TimeSpan.Zero));
    private readonly SqliteProofStore _store;
    private readonly ProofBook _book;

    public ProofBookTests()
    {
        SqliteMigrations.Apply(_database);
        _store = new SqliteProofStore(_database, _time);
        _book = new ProofBook(_store, _time);
    }

    [Fact]
    public void A_restart_forgets_neither_proof_nor_shut_off()
    {
        var controller = Open(_book);
        Label(_book, controller, 1_500, wrong: false, "good");
        Label(_book, controller, 3, wrong: true, "bad");
        Assert.Equal((true, false), (controller.Serves("good"), controller.Serves("bad")));

        // Killed without a last save: states that have changed were saved when they did.
        var killed = Open(new ProofBook(_store, _time));
        Assert.Equal((true, false), (killed.Serves("good"), killed.Serves("bad")));

        _book.Keep();
        var stopped = Open(new ProofBook(_store, _time));
        Assert.Equal(Figures(controller.Report()), Figures(stopped.Report()));
        Assert.Equal(new Evidence(1_503, 3), stopped.Report().Evidence);
        Assert.Equal((controller.Report().Served.Hits, controller.Report().WouldBe.Hits), (stopped.Report().Served.Hits, stopped.Report().WouldBe.Hits));
        Assert.Equal(controller.Report().WouldBe.Amounts(), stopped.Report().WouldBe.Amounts());
    }

    [Fact]
    public void Evidence_of_another_epoch_never_counts()
    {
        var old = Open(_book);
        Label(_book, old, 300, wrong: false, "a");
        var late = old.Choose();
        ProofEpoch[] others =
        [
            Proving.Epoch with { Embedder = "other" }, Proving.Epoch with { Rules = "rules/2" }, Proving.Epoch with { Threshold = 0.91 },
            Proving.Epoch with { Judge = "other" }, Proving.Epoch with { Generation = "1" },
        ];
        foreach (var other in others)
        {
            var controller = _book.Open("chat", other, ProofOptions.Default);
            Assert.Equal((default, 0L), (controller.Report().Evidence, controller.Report().WouldBe.Hits));
            Assert.Equal(default, new ProofBook(_store, _time).Open("chat", other, ProofOptions.Default).Report().Evidence);

            // A label of a hit from before comes late.
            _book.Label(old, late, wrong: true);
            Assert.Equal(default, controller.Report().Evidence);
        }

        Assert.Equal(default, _book.Open("another route", Proving.Epoch, ProofOptions.Default).Report().Evidence);
        Assert.Equal(new Evidence(301, 1), Open(_book).Report().Evidence);
    }

    [Fact]
    public void Who_goes_back_to_an_epoch_goes_back_to_its_shut_offs()
    {
        var first = Open(_book);
        Label(_book, first, 1_500, wrong: false, "good");
        Label(_book, first, 3, wrong: true, "bad");
        _book.Open("chat", Proving.Epoch with { Threshold = 0.95 }, ProofOptions.Default);
        Assert.False(Open(_book).Serves("bad"));
    }

    [Fact]
    public void No_two_epochs_have_one_id_wherever_one_part_ends_and_the_next_begins() =>
        Gen.Select(Gen.Int[0, 2].Array[1, 6], Gen.Int[0, 6], Gen.Int[0, 6]).Sample((picks, first, second) =>
        {
            var text = string.Concat(picks.Select(pick => "1:a"[pick]));
            var (one, other) = (Math.Min(first, text.Length), Math.Min(second, text.Length));
            Assert.Equal(one == other, Id(text[..one], text[one..]) == Id(text[..other], text[other..]));
        });

    [Fact]
    public void A_store_that_fails_changes_nothing_and_gets_it_later()
    {
        var store = new FailingStore(_store) { Fails = true };
        var book = new ProofBook(store, _time);
        var controller = Open(book);
        Assert.Equal(ServeState.Proven, Assert.Single(Label(book, controller, 400, wrong: false, "a")).To);
        Assert.NotNull(book.Failure);
        Assert.True(controller.Serves());

        store.Fails = false;
        book.Keep();
        Assert.Null(book.Failure);
        Assert.True(Open(new ProofBook(_store, _time)).Serves());
    }

    [Fact]
    public void What_new_options_end_is_told_and_saved()
    {
        var controller = Open(_book);
        Label(_book, controller, 400, wrong: false, "a");
        _book.Open("chat", Proving.Epoch, ProofOptions.Default with { MaxWrongHits = 0.001 });
        Assert.True(Assert.Single(_book.Keep()).EndsServing);
        Assert.Empty(_book.Keep());
        Assert.False(Open(new ProofBook(_store, _time)).Serves());
    }

    [Fact]
    public void What_was_not_saved_for_long_can_be_dropped()
    {
        Label(_book, Open(_book), 400, wrong: false, "a");
        _store.Forget(_time.GetUtcNow());
        Assert.Equal(2, _store.Load("chat", Proving.Epoch.Id).Count);
        _store.Forget(_time.GetUtcNow().AddMilliseconds(1));
        Assert.Empty(_store.Load("chat", Proving.Epoch.Id));
    }

    [Fact]
    public void A_state_comes_back_as_it_was_kept()
    {
        var any = Gen.Select(Gen.Long[0, long.MaxValue / 2], Gen.Long[0, 1_000], Gen.Double[0, 1e5], Gen.Int[1, 9], Gen.Enum<ServeState>(), Gen.Enum<ProofReason>())
            .Select((labelled, wrong, drift, attempt, state, reason) => new ProofState
            {
                State = state,
                Reason = reason,
                Since = _time.GetUtcNow().AddTicks(wrong),
                LabelledAt = _time.GetUtcNow().AddSeconds(attempt),
                Attempt = attempt,
                Evidence = new Evidence(labelled, wrong),
                Epoch = new Evidence(labelled + 1, wrong + 1),
                Unjudged = wrong,
                UnjudgedRun = attempt,
                Drift = new DriftEvidence(drift, drift / 3, drift / 7),
                Target = 0.01,
            });
        any.Sample(
            state =>
            {
                _store.Save([new StoredProof("r", "e", null, state, new ProofTallies()), new StoredProof("r", "e", "p", state, new ProofTallies())]);
                Assert.Equal([null, "p"], _store.Load("r", "e").Select(proof => proof.Partition).Order());
                Assert.All(_store.Load("r", "e"), proof => Assert.Equal(state, proof.State));
            },
            iter: 50,
            threads: 1);
    }

    public void Dispose() => Directory.Delete(_database.Folder, recursive: true);

    private static string Id(string embedder, string rules) => (Proving.Epoch with { Embedder = embedder, Rules = rules }).Id;

    private static ServeController Open(ProofBook book) => book.Open("chat", Proving.Epoch, ProofOptions.Default);

    private static (ServeState, Evidence, Evidence, double, double, int) Figures(ProofReport report) =>
        (report.State, report.Evidence, report.Epochal, report.UpperBound, report.Drift, report.Attempt);

    private static List<ProofTransition> Label(ProofBook book, ServeController controller, int count, bool wrong, string partition) =>
        [.. Enumerable.Range(0, count).SelectMany(_ => book.Label(controller, controller.Choose(partition), wrong))];

    private sealed class FailingStore(IProofStore inner) : IProofStore
    {
        public bool Fails { get; set; }

        public IReadOnlyList<StoredProof> Load(string route, string epoch) => inner.Load(route, epoch);

        public void Save(IReadOnlyList<StoredProof> proofs)
        {
            if (Fails)
            {
                throw new SqliteException("disk I/O error", 10) as DbException;
            }

            inner.Save(proofs);
        }

        public void Forget(DateTimeOffset before) => inner.Forget(before);
    }
}

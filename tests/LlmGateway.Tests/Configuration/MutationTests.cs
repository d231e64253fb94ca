using CsCheck;

namespace LlmGateway.Tests.Configuration;

public sealed class MutationTests
{
    private static readonly string[] Pieces =
        ["{", "}", "[", "]", ":", ": ", "- ", ",", "\n", "  ", "\t", "\"", "'", "#", "&a", "*a", "!!str ", "|", ">", "~", "null", "-1", "1e999", "${env:", "}", "\u0000", "\u001f", "\ud83d\ude00", "none", "true"];

    private static readonly Gen<Action<List<char>>> Mutation = Gen.OneOf(
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 30]).Select((at, length) => (Action<List<char>>)(text => text.RemoveRange(at % text.Count, Math.Min(length, text.Count - (at % text.Count))))),
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, Pieces.Length - 1]).Select((at, piece) => (Action<List<char>>)(text => text.InsertRange(at % text.Count, Pieces[piece]))),
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 100_000], Gen.Int[1, 60]).Select((from, to, length) => (Action<List<char>>)(text =>
        {
            var start = from % text.Count;
            text.InsertRange(to % text.Count, text.GetRange(start, Math.Min(length, text.Count - start)));
        })));

    [Fact]
    public void A_configuration_with_any_mistake_is_refused_or_read_but_never_throws()
    {
        using var folder = new ConfigFolder();
        var whole = string.Join('\n', ContractExample.Files.Select(file => file.Text)).Replace(
            "include:   [providers.yaml, deployments.yaml, routes.yaml, prices.yaml, tenants.yaml]", "include:   []", StringComparison.Ordinal);
        Assert.NotNull(folder.Loader.Load(rootText: whole).Snapshot);
        Mutation.List[1, 6].Sample(
            mutations =>
            {
                var text = whole.ToList();
                mutations.ForEach(mutate => mutate(text));
                var loaded = folder.Loader.Load(rootText: new string([.. text]));
                return loaded.Snapshot is not null || loaded.Problems.Any(problem => problem.IsError && problem is { Line: > 0, Column: > 0 });
            },
            iter: 3_000,
            threads: 1);
    }
}

using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Text;

public sealed class HanCutterTests
{
    [Theory]
    [InlineData("肝脏分解酒精", "肝脏|分解|酒精")]
    [InlineData("水把手机泡了", "水|把|手机|泡|了")]
    [InlineData("会计新手怎么学", "会计|新手|怎么|学")]
    [InlineData("三国时期", "三国时期")]
    [InlineData("二十三回", "二十三|回")]
    public void A_run_is_cut_into_the_fewest_words(string run, string expected)
    {
        Span<byte> lengths = stackalloc byte[run.Length];
        HanCutter.Cut(run, Lexicon.Default, lengths);
        var words = new List<string>();
        for (var i = 0; i < run.Length; i += lengths[i])
        {
            words.Add(run.Substring(i, lengths[i]));
        }

        Assert.Equal(expected, string.Join('|', words));
    }
}

using System.Text;

namespace LlmGateway.Simulator.Answers;

/// <summary>The stock of words that answers are filled with, each with its leading space, each one token.</summary>
internal static class Words
{
    private const string Stock =
        "a the this that each every some no one two request answer token model stream prompt word line page text number value result test "
        + "simulator gateway provider client server network budget price ledger key cache route policy of in on with without before after "
        + "under over near from to and or but then so is was has gives takes holds sends counts waits ends";

    private static readonly byte[][] All = Stock.Split(' ').Select(static word => Encoding.UTF8.GetBytes(' ' + word)).ToArray();

    public static ReadOnlySpan<byte> Pick(ulong chance) => All[(int)(chance % (ulong)All.Length)];
}

using LlmGateway.Caching.Semantic.Proof;
using LlmGateway.Catalog;
using Microsoft.Extensions.Time.Testing;

namespace LlmGateway.Tests.Caching.Semantic.Proof;

internal static class Proving
{
    public static readonly ProofEpoch Epoch = new("embedder", "rules/1", 0.9, "judge", "0");

    public static readonly HitSaving Saving = new(new Money(0.002m, Currency.Usd), TimeSpan.FromSeconds(2));

    public static ServeController Controller(TimeProvider? time = null, params StoredProof[] stored) =>
        new("chat", Epoch.Id, ProofOptions.Default, time ?? new FakeTimeProvider(), stored);

    public static PendingLabel Choose(this ServeController controller, string partition = "a") => controller.Hit(partition, 0, Saving).Verify!;

    /// <summary>With a coin that never chooses: a hit that nobody labels would hold up those behind it.</summary>
    public static bool Serves(this ServeController controller, string partition = "a") => controller.Hit(partition, 1, Saving).Serve;

    public static List<ProofTransition> Label(this ServeController controller, int count, bool? wrong, string partition = "a")
    {
        List<ProofTransition> moved = [];
        for (var i = 0; i < count; i++)
        {
            moved.AddRange(controller.Label(controller.Choose(partition), wrong));
        }

        return moved;
    }
}

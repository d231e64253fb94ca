using System.Globalization;

namespace LlmGateway.Ledger.Postgres;

/// <summary>The rows of the outbox that PostgreSQL has already.</summary>
/// <param name="Last">All up to this id; 0 when there are none.</param>
/// <param name="Others">And these behind it: a node that was killed books again what was in its slots.</param>
internal sealed record ShippedRows(long Last, IReadOnlyCollection<long> Others)
{
    /// <summary>What is true of the others, as SQL of the outbox.</summary>
    public string Waiting =>
        string.Create(CultureInfo.InvariantCulture, $"id > {Last}") + (Others.Count == 0 ? "" : $" AND id NOT IN ({string.Join(", ", Others)})");
}

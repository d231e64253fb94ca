using System.Globalization;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Ledger;

/// <summary>Reads what an attempt came to from the slot that a process left.</summary>
internal static class RecoveredReader
{
    /// <summary>Null for an attempt that nobody pays for.</summary>
    public static RecoveredAttempt? Read(SlotMemory slot)
    {
        var intent = new CellReader(slot.Intent);
        var texts = new string?[LedgerCells.IntentColumns.Length];
        for (var column = 0; column < texts.Length; column++)
        {
            texts[column] = intent.Read() && intent.Kind is CellKind.Text ? Encoding.UTF8.GetString(intent.Text) : null;
        }

        if (!intent.Read())
        {
            return null;
        }

        var startedAt = new DateTimeOffset(intent.Integer, TimeSpan.Zero);
        var settlement = new CellReader(slot.Settlement);
        long input = 0, output = 0;
        string? currency = null, cost = null;
        foreach (var column in LedgerCells.SettlementColumns)
        {
            if (!settlement.Read())
            {
                break;
            }

            switch (column)
            {
                case "input_tokens" when settlement.Kind is CellKind.Integer:
                    input = settlement.Integer;
                    break;
                case "output_tokens" when settlement.Kind is CellKind.Integer:
                    output = settlement.Integer;
                    break;
                case "currency" when settlement.Kind is CellKind.Text:
                    currency = Encoding.UTF8.GetString(settlement.Text);
                    break;
                case "cost" when settlement.Kind is CellKind.Text:
                    cost = Encoding.UTF8.GetString(settlement.Text);
                    break;
            }
        }

        return Guid.TryParse(Of("operation_id"), out var operation) && Of("tenant") is { } tenant && Of("project") is { } project && Of("key_id") is { } key
            ? new RecoveredAttempt(
                operation, tenant, project, key, Of("route"), Encoding.UTF8.GetBytes(Of("tags") ?? ""), startedAt, input, output,
                currency is null || cost is null ? null : new Money(decimal.Parse(cost, CultureInfo.InvariantCulture), new Currency(currency)), Of("node"))
            : null;

        string? Of(string column) => texts[Array.IndexOf(LedgerCells.IntentColumns, column)];
    }
}

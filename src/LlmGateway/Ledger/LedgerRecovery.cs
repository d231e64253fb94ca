using LlmGateway.Gateway;
using LlmGateway.Ledger.Sqlite;
using LlmGateway.Protocols.Usage;
using LlmGateway.Storage;
using LlmGateway.Upstream;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Ledger;

/// <summary>
/// Brings what a killed process left in its slots into the ledger. Killed itself at any instant it can run again: the rows are inserted
/// only where they are missing, and the files are removed after the commit.
/// </summary>
internal sealed class LedgerRecovery(SqliteDatabase database, IIntentPricing pricing, TimeProvider time, LedgerMetrics metrics, ILogger logger)
{
    private const int BytesPerToken = 4;

    /// <summary>Says what the attempts came to that it found.</summary>
    /// <exception cref="StorageException">The rows could not be committed.</exception>
    public IReadOnlyList<RecoveredAttempt> Run()
    {
        var attempts = new List<RecoveredAttempt>();
        var files = IntentStore.Leftovers(database.Folder);
        int settled = 0, interrupted = 0, torn = 0;
        try
        {
            foreach (var file in files)
            {
                using (var segment = IntentSegment.Open(file))
                {
                    var slots = new List<IntentSlot>();
                    Collect(segment, slots, ref settled, ref interrupted, ref torn);
                    Commit(slots);
                    attempts.AddRange(slots.Select(static slot => RecoveredReader.Read(slot.Memory)).OfType<RecoveredAttempt>());
                }

                File.Delete(file);
            }
        }
        catch (SqliteException error)
        {
            throw StorageException.Of(error, database.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"{database.Folder} cannot be used: {error.Message.ReplaceLineEndings(" ")}", error);
        }

        if (settled + interrupted + torn > 0)
        {
            metrics.Recovered(SlotState.Settled, settled);
            metrics.Recovered(SlotState.Intent, interrupted);
            metrics.Recovered(SlotState.Torn, torn);
            logger.Recovered(settled, interrupted, torn);
        }

        return attempts;
    }

    private void Collect(IntentSegment? segment, List<IntentSlot> slots, ref int settled, ref int interrupted, ref int torn)
    {
        for (var index = 0; index < segment?.Count; index++)
        {
            switch (segment[index].Check())
            {
                case SlotState.Settled:
                    settled++;
                    break;
                case SlotState.Intent when IsOfCache(segment[index]):
                    // Both parts were written before either held, and a power cut tore the second: nobody was asked, so there is nothing to estimate.
                    torn++;
                    continue;
                case SlotState.Intent:
                    interrupted++;
                    Settle(segment[index]);
                    break;
                case SlotState.Torn:
                    torn++;
                    continue;
                default:
                    continue;
            }

            slots.Add(new IntentSlot(segment, index));
        }
    }

    private static bool IsOfCache(SlotMemory slot)
    {
        var cells = new CellReader(slot.Intent);
        for (var column = 0; column <= LedgerCells.CauseColumn; column++)
        {
            cells.Read();
        }

        return cells.Text.SequenceEqual(LedgerNames.Of(AttemptCause.Cache));
    }

    private void Settle(SlotMemory slot)
    {
        var cells = new CellReader(slot.Intent);
        for (var column = 0; column < LedgerCells.IntentColumns.Length; column++)
        {
            cells.Read();
        }

        cells.Read();
        var startedAt = new DateTimeOffset(cells.Integer, TimeSpan.Zero);
        cells.Read();
        var input = cells.Integer;
        cells.Read();
        var priceName = System.Text.Encoding.UTF8.GetString(cells.Text);

        var usage = new TokenUsage(input, 0, 0, (slot.Received + BytesPerToken - 1) / BytesPerToken, 0);
        var cost = pricing.Price(priceName, startedAt, usage, out var priceRef, out var split);
        slot.PublishSettlement(LedgerCells.WriteInterrupted(slot.SettlementRoom, usage, cost, split, priceRef, time.GetUtcNow()));
    }

    private void Commit(List<IntentSlot> slots)
    {
        if (slots.Count > 0)
        {
            using var writer = new SqliteLedgerWriter(database);
            writer.Write(slots, again: true);
        }
    }
}

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace LlmGateway.Reports.Focus;

/// <summary>An export that is being read: a day in memory at most, and of that what the database sorts.</summary>
/// <param name="unpriced">Attempts that no price was in force for.</param>
internal sealed class FocusReading(FocusQuery query, IFocusDays days, FocusCharges charges, long unpriced) : IAsyncDisposable
{
    private const int BatchSize = 500;
    private const int BatchesAhead = 8;

    /// <summary>
    /// What is not in the export, in words; null where nothing is missing. A charge of FOCUS cannot be without its costs, and 0 would be wrong: so what
    /// has no price has no row.
    /// </summary>
    public string? Warning => unpriced == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"{unpriced} attempts have no price and are not in this export; the usage report counts them as unpriced_attempts");

    /// <summary>To be read once. By day, and in it by tenant, project, deployment, provider, model, tags and currency.</summary>
    public async IAsyncEnumerable<FocusCharge> ChargesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // The database adds up the next rows while these are written.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var batches = Channel.CreateBounded<List<FocusCharge>>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        var reading = Task.Run(() => ReadAsync(batches.Writer, ended.Token), CancellationToken.None);
        try
        {
            await foreach (var batch in batches.Reader.ReadAllAsync(cancellation))
            {
                foreach (var charge in batch)
                {
                    yield return charge;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await reading;
        }
    }

    public ValueTask DisposeAsync() => days.DisposeAsync();

    /// <summary>Ends the batches with what went wrong, where anything did, and never throws.</summary>
    private async Task ReadAsync(ChannelWriter<List<FocusCharge>> batches, CancellationToken cancellation)
    {
        try
        {
            var batch = new List<FocusCharge>(BatchSize);
            for (var day = query.From; day < query.To; day = day.AddDays(1))
            {
                var period = new FocusPeriod(day);
                await using var reading = await days.ReadAsync(query.Day(day), cancellation);
                foreach (var row in reading.Rows)
                {
                    batch.AddRange(charges.Of(row, period));
                    if (batch.Count >= BatchSize)
                    {
                        await batches.WriteAsync(batch, cancellation);
                        batch = new List<FocusCharge>(BatchSize);
                    }
                }
            }

            await batches.WriteAsync(batch, cancellation);
            batches.Complete();
        }
        catch (Exception error)
        {
            batches.Complete(error);
        }
    }
}

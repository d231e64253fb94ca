namespace LlmGateway.LoadTests.Lookup;

/// <summary>Of entries that were written to a data folder and read again.</summary>
/// <param name="BytesOfEntry">On disk, with its answer.</param>
internal sealed record KeepingFigures(int Entries, TimeSpan Wrote, TimeSpan Read, double BytesOfEntry);

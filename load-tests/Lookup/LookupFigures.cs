namespace LlmGateway.LoadTests.Lookup;

/// <summary>Of look-ups among so many entries in one partition. Times are milliseconds.</summary>
/// <param name="Hits">The share that found a question that means the same…</param>
/// <param name="Own">…and that found the one that it was made of.</param>
/// <param name="BytesOfEntry">In process, texts included and answers not, as the index accounts for them.</param>
/// <param name="HeapOfEntry">What the heap grew by, without the text itself.</param>
internal sealed record LookupFigures(
    int Entries, int Lookups, double Processor, double Median, double P99, double Most, double Hits, double Own, double BytesOfEntry, double HeapOfEntry);

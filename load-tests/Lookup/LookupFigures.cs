namespace LlmGateway.LoadTests.Lookup;

/// <summary>Of look-ups among so many entries in one partition. Times are milliseconds.</summary>
/// <param name="Work">Of the processor, at the median…</param>
/// <param name="WorkP99">…and at the 99th percentile.</param>
/// <param name="Hits">The share that found a question that means the same…</param>
/// <param name="Own">…and that found the one that it was made of.</param>
/// <param name="BytesOfEntry">In process, texts included and answers not, as the index accounts for them.</param>
/// <param name="HeapOfEntry">What the heap grew by, without the text itself.</param>
internal sealed record LookupFigures(
    int Entries, double Work, double WorkP99, double Median, double P99, double Most, double Hits, double Own, double BytesOfEntry, double HeapOfEntry);

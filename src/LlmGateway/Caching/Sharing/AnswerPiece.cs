namespace LlmGateway.Caching.Sharing;

/// <summary>What was written at once. Who has read it finds the next by it: what all have read is garbage.</summary>
internal sealed class AnswerPiece(ReadOnlyMemory<byte> bytes)
{
    public ReadOnlyMemory<byte> Bytes { get; } = bytes;

    /// <summary>Null for the last one so far. Guarded by the log.</summary>
    public AnswerPiece? Next { get; set; }
}

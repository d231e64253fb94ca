namespace LlmGateway.Catalog;

/// <summary>What a deployment can do beyond chat and streaming, which go without saying. Written in snake_case in the configuration.</summary>
[Flags]
internal enum Capabilities
{
    None = 0,
    Tools = 1 << 0,
    ParallelTools = 1 << 1,
    Vision = 1 << 2,
    Audio = 1 << 3,
    Files = 1 << 4,
    JsonObject = 1 << 5,
    JsonSchema = 1 << 6,
    Reasoning = 1 << 7,
    PrefixCompletion = 1 << 8,
    Embeddings = 1 << 9,
    Images = 1 << 10,
    Speech = 1 << 11,
    Transcription = 1 << 12,
    Moderation = 1 << 13,
    Rerank = 1 << 14,
    Realtime = 1 << 15,
}

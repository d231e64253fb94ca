namespace LlmGateway.Simulator.Wire;

/// <summary>The usage of one answer. Cached is a part of prompt, reasoning a part of completion.</summary>
internal readonly record struct TokenCounts(int Prompt, int Cached, int Completion, int Reasoning)
{
    public void WriteTo(Utf8Buffer buffer) => buffer
        .Add("{\"prompt_tokens\":"u8).Add(Prompt)
        .Add(",\"completion_tokens\":"u8).Add(Completion)
        .Add(",\"total_tokens\":"u8).Add((long)Prompt + Completion)
        .Add(",\"prompt_tokens_details\":{\"cached_tokens\":"u8).Add(Cached)
        .Add(",\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":"u8).Add(Reasoning)
        .Add(",\"audio_tokens\":0,\"accepted_prediction_tokens\":0,\"rejected_prediction_tokens\":0}}"u8);
}

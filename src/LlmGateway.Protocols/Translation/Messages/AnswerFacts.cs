using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.OpenAI;
using LlmGateway.Protocols.Usage;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>What an answer says of itself, gathered from one object or from all chunks: the last that is said counts.</summary>
/// <param name="stops">The stop sequences that were asked for.</param>
internal sealed class AnswerFacts(IReadOnlyList<string> stops)
{
    private string? _id;
    private string? _finish;

    public string Model { get; private set; } = "";

    public TokenUsage? Usage { get; private set; }

    public string? Tier { get; private set; }

    public FinishReason Finish { get; private set; }

    /// <summary>The finish reason is the window's end and not the bound's.</summary>
    public bool WindowExceeded => _finish == "model_context_window_exceeded";

    /// <summary>The stop sequence that ended the answer, from providers that tell.</summary>
    public string? StopSequence { get; private set; }

    /// <summary>In the alphabet of Messages; made up where the provider gave none.</summary>
    public string Id => _id ??= MessageIds.New();

    public void Read(JsonElement answer)
    {
        // A first chunk of Azure has empty ones.
        if (_id is null && JsonParts.Text(answer, "id"u8) is { Length: > 0 } id)
            _id = MessageIds.From(id);
        if (Model.Length == 0)
            Model = JsonParts.Text(answer, "model"u8) ?? "";
        Tier = JsonParts.Text(answer, "service_tier"u8) ?? Tier;
        ReadUsage(answer);
        if (answer.TryGetProperty("x_groq"u8, out var groq))
            ReadUsage(groq);
    }

    public void ReadChoice(JsonElement choice)
    {
        ReadUsage(choice);
        if (JsonParts.Text(choice, "finish_reason"u8) is { Length: > 0 } finish)
        {
            _finish = finish;
            Finish = FinishReasons.Parse(Encoding.UTF8.GetBytes(finish));
        }

        // vLLM's name and SGLang's.
        var stop = JsonParts.Text(choice, "stop_reason"u8) ?? JsonParts.Text(choice, "matched_stop"u8);
        if (stop is { Length: > 0 } && stops.Contains(stop))
            StopSequence = stop;
    }

    private void ReadUsage(JsonElement holder)
    {
        if (holder.ValueKind is JsonValueKind.Object
            && holder.TryGetProperty("usage"u8, out var usage)
            && OpenAIUsageReader.TryRead(JsonMarshal.GetRawUtf8Value(usage), OpenAIUsageProfile.Standard, out var read))
        {
            Usage = read;
        }
    }
}

using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Writes how hard the model shall think as <c>reasoning_effort</c>.</summary>
internal static class ThinkingEffort
{
    private const long MostForLow = 4096;
    private const long MostForMedium = 16384;

    private static readonly string[] Members = ["type", "budget_tokens"];

    public static bool TryWrite(TranslationState state, RequestNode thinking, RequestNode effort)
    {
        if (!TryReadThinking(state, thinking, out var byThinking) || !TryReadEffort(state, effort, out var byEffort))
            return false;

        // Whoever forbids thinking means it, whatever effort the rest is worth.
        if (byThinking is "none" && byEffort is not null)
            state.Dropped.Add(effort.Place);
        if ((byThinking is "none" ? byThinking : byEffort ?? byThinking) is { } written)
            state.Writer.WriteString("reasoning_effort"u8, written);
        return true;
    }

    private static bool TryReadEffort(TranslationState state, RequestNode effort, out string? written)
    {
        if (!state.TryOptionalText(effort, out written))
            return false;
        return written is null or "low" or "medium" or "high" or "xhigh" or "max"
            || state.Invalid(effort, "it must be low, medium, high, xhigh or max");
    }

    private static bool TryReadThinking(TranslationState state, RequestNode thinking, out string? effort)
    {
        effort = null;
        if (!thinking.Exists)
            return true;
        var type = thinking.Member("type");
        if (!state.TryObject(thinking) || !state.TryText(type, out var kind))
            return false;
        state.DropOthers(thinking, Members);
        switch (kind)
        {
            case "disabled":
                effort = "none";
                return true;
            case "enabled":
                return TryReadBudget(state, thinking.Member("budget_tokens"), out effort);

            // The model decides, as it does where the chat request says nothing.
            case "adaptive" or "between_tools":
                return true;
            default:
                return state.Invalid(type, "it must be enabled, disabled, adaptive or between_tools");
        }
    }

    private static bool TryReadBudget(TranslationState state, RequestNode budget, out string? effort)
    {
        effort = null;
        if (!budget.Exists)
            return state.Missing(budget.Place);
        if (budget.Kind is not JsonValueKind.Number || !budget.Element.TryGetInt64(out var tokens))
            return state.WrongType(budget, "an integer");
        effort = tokens switch
        {
            <= MostForLow => "low",
            <= MostForMedium => "medium",
            _ => "high",
        };
        return true;
    }
}

using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>What a model allows, and OpenAI's words where a request asks for more.</summary>
internal static class GenerationLimits
{
    public static ApiError? Check(GenerationRequest request, SimulatorModel model)
    {
        if (model.ReasoningTokens > 0 && request is { MaxTokens: not null, MaxTokensName: "max_tokens" })
        {
            return ApiError.Invalid(
                "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
                "max_tokens", "unsupported_parameter");
        }

        if (request.MaxTokens > model.MaxOutputTokens)
        {
            return ApiError.Invalid(
                $"{request.MaxTokensName} is too large: {request.MaxTokens}. This model supports at most {model.MaxOutputTokens} completion tokens, "
                + $"whereas you provided {request.MaxTokens}.",
                request.MaxTokensName, "invalid_value");
        }

        int prompt = request.PromptTokens;
        int asked = request.MaxTokens ?? 0;
        return prompt + asked > model.ContextWindow
            ? ApiError.Invalid(
                $"This model's maximum context length is {model.ContextWindow} tokens. However, you requested {prompt + asked} tokens "
                + $"({prompt} in the messages, {asked} in the completion). Please reduce the length of the messages or completion.",
                "messages", "context_length_exceeded")
            : null;
    }

    public static int ReasoningTokens(GenerationRequest request, SimulatorModel model) => request.ReasoningEffort switch
    {
        "none" => 0,
        "minimal" => model.ReasoningTokens / 4,
        "low" => model.ReasoningTokens / 2,
        "high" => model.ReasoningTokens * 2,
        "xhigh" or "max" => model.ReasoningTokens * 4,
        _ => model.ReasoningTokens,
    };
}

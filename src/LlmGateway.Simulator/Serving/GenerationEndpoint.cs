using LlmGateway.Simulator.Answers;
using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary><c>POST /v1/chat/completions</c> and <c>POST /v1/completions</c>.</summary>
internal sealed class GenerationEndpoint(RateLimiter limiter, PromptCache cache)
{
    public async Task HandleAsync(Call call, bool chat)
    {
        using Utf8Buffer body = await RequestBody.ReadAsync(call);
        using var request = new GenerationRequest(chat);
        ApiError? error = GenerationReader.Read(body.Memory, request);
        string? name = request.Model;
        ApiError? unreadable = call.ResolveFaults(ref name);
        if (call.Plan is { } plan && await Refusal.ApplyAsync(call, plan))
        {
            return;
        }

        ServedModel? model = null;
        error = call.State.CheckKey(call.Key) ?? error ?? unreadable
            ?? (call.State.TryGetModel(name!, out model) ? GenerationLimits.Check(request, model.Model) : ApiError.UnknownModel(name!));
        int wanted = call.Plan?.Tokens ?? call.State.Options.OutputTokens;
        error ??= limiter.Take(call, name!, request.PromptTokens + (Math.Min(request.MaxTokens ?? wanted, wanted) * request.Choices));
        if (error is not null)
        {
            await call.RefuseAsync(error);
            return;
        }

        await AnswerAsync(call, request, model!, wanted);
    }

    private async Task AnswerAsync(Call call, GenerationRequest request, ServedModel model, int wanted)
    {
        SimulatorOptions options = call.State.Options;
        ulong seed = Hash64.Of(request.Prompt.Span, model.Seed ^ (ulong)options.Seed);
        int reasoning = GenerationLimits.ReasoningTokens(request, model.Model);
        var answers = new Answer[request.Choices];
        int completion = 0;
        for (int i = 0; i < answers.Length; i++)
        {
            answers[i] = AnswerComposer.Compose(request, Hash64.Mix(seed + (ulong)i), wanted, reasoning, options.ReasoningContent);
            completion += answers[i].Tokens;
        }

        try
        {
            int cached = options.PromptCache ? cache.Touch(request.Prompt.Span, KeySeed(call.Key) ^ model.Seed) : 0;
            int reasoned = answers[0].ReasoningTokens * answers.Length;
            var usage = new TokenCounts(request.PromptTokens, cached, completion, reasoned);
            var head = new AnswerHead(request.Chat, call.NextId(request.Chat ? "chatcmpl-" : "cmpl-"), call.UnixNow(), model.NameJson);
            var timing = new Timing(options, call.Plan, seed);
            if (request.Stream)
            {
                await GenerationStream.SendAsync(call, request, head, answers, usage, timing);
            }
            else
            {
                await SendBodyAsync(call, head, answers, usage, timing);
            }
        }
        finally
        {
            foreach (Answer answer in answers)
            {
                answer.Dispose();
            }
        }
    }

    private static async Task SendBodyAsync(Call call, AnswerHead head, Answer[] answers, TokenCounts usage, Timing timing)
    {
        using var buffer = new Utf8Buffer(2048);
        if (call.Plan?.FinishReason is { } reason)
        {
            answers[0].FinishReason = reason;
        }

        BodyWriter.Write(buffer, head, answers, call.Plan is { NoUsage: true } ? null : usage);
        TimeSpan wait = timing.Whole(answers[0].Tokens);
        if (call.Plan?.KeepAlive is not null)
        {
            call.SetHeaders(200, "application/json");
            await KeepAlive.WaitAsync(call, wait, "\n"u8.ToArray());
        }
        else
        {
            await call.DelayAsync(wait);
            call.SetHeaders(200, "application/json");
        }

        await new PlainSender(call).SendAsync(buffer.Memory);
    }

    private static ulong KeySeed(string? key) => key is null ? 0 : Hash64.Of(System.Runtime.InteropServices.MemoryMarshal.AsBytes(key.AsSpan()), 1);
}

using LlmGateway.Simulator.Answers;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>A streamed answer: role, steps of all choices interleaved, finish of each, usage, end.</summary>
internal static class GenerationStream
{
    public static async Task SendAsync(Call call, GenerationRequest request, AnswerHead head, Answer[] answers, TokenCounts usage, Timing timing)
    {
        FaultPlan? plan = call.Plan;
        bool wantsUsage = request.IncludeUsage && plan is not { NoUsage: true };
        using var chunks = new ChunkWriter(head, wantsUsage, call.State.Options.Obfuscation && request.IncludeObfuscation);
        var sender = new EventSender(call);
        TimeSpan first = timing.First();
        await sender.StartAsync(early: first > TimeSpan.Zero);
        await KeepAlive.WaitAsync(call, first, ": keep-alive\n\n"u8.ToArray());

        if (plan is { EmptyFirst: true } && !await sender.SendAsync(chunks.EmptyFirst()))
        {
            return;
        }

        for (int choice = 0; head.Chat && choice < answers.Length; choice++)
        {
            if (!await sender.SendAsync(chunks.Role(choice, answers[choice].Calls is not null)))
            {
                return;
            }
        }

        if (await SendStepsAsync(call, sender, chunks, answers, timing)
            && await SendFinishesAsync(sender, chunks, answers, usage, plan)
            && (plan is { Kimi: true, NoUsage: false } || (wantsUsage && plan is not { UsageInFinish: true }) ? await sender.SendAsync(chunks.Usage(usage)) : true)
            && plan is not { NoDone: true })
        {
            await sender.SendAsync(chunks.Done());
        }
    }

    private static async ValueTask<bool> SendStepsAsync(Call call, EventSender sender, ChunkWriter chunks, Answer[] answers, Timing timing)
    {
        int steps = 0;
        foreach (Answer answer in answers)
        {
            steps = Math.Max(steps, answer.Steps);
        }

        for (int step = 0; step < steps; step++)
        {
            TimeSpan pace = step == 0 ? TimeSpan.Zero : timing.Next();
            if (pace > TimeSpan.Zero)
            {
                await call.DelayAsync(pace);
            }

            for (int choice = 0; choice < answers.Length; choice++)
            {
                if (step < answers[choice].Steps && !await sender.SendAsync(chunks.Step(choice, answers[choice], step)))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static async ValueTask<bool> SendFinishesAsync(EventSender sender, ChunkWriter chunks, Answer[] answers, TokenCounts usage, FaultPlan? plan)
    {
        for (int choice = 0; choice < answers.Length; choice++)
        {
            bool carries = plan is { NoUsage: false } and ({ UsageInFinish: true } or { Kimi: true }) && choice == answers.Length - 1;
            Utf8Buffer frame = chunks.Finish(
                choice, plan?.FinishReason ?? answers[choice].FinishReason, carries ? usage : null, insideChoice: plan is { Kimi: true });
            if (!await sender.SendAsync(frame))
            {
                return false;
            }
        }

        return true;
    }
}

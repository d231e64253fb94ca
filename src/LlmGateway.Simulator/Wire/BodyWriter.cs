using LlmGateway.Simulator.Answers;

namespace LlmGateway.Simulator.Wire;

/// <summary>The one JSON body of an answer that is not streamed.</summary>
internal static class BodyWriter
{
    public static void Write(Utf8Buffer buffer, AnswerHead head, Answer[] answers, TokenCounts? usage)
    {
        head.WriteTo(buffer, head.Chat ? "chat.completion"u8 : "text_completion"u8);
        for (int i = 0; i < answers.Length; i++)
        {
            Answer answer = answers[i];
            buffer.Add(i == 0 ? "{\"index\":"u8 : ",{\"index\":"u8).Add(i);
            if (head.Chat)
            {
                WriteMessage(buffer, answer);
            }
            else
            {
                buffer.Add(",\"text\":\""u8).AddEscaped(answer.Text.Text).Add((byte)'"');
            }

            buffer.Add(",\"logprobs\":null,\"finish_reason\":\""u8).Add(answer.FinishReason).Add("\"}"u8);
        }

        buffer.Add((byte)']');
        if (usage is { } counts)
        {
            buffer.Add(",\"usage\":"u8);
            counts.WriteTo(buffer);
        }

        buffer.Add((byte)'}');
    }

    private static void WriteMessage(Utf8Buffer buffer, Answer answer)
    {
        buffer.Add(",\"message\":{\"role\":\"assistant\",\"content\":"u8);
        if (answer.Calls is null)
        {
            buffer.Add((byte)'"').AddEscaped(answer.Text.Text).Add((byte)'"');
        }
        else
        {
            buffer.Add("null,\"tool_calls\":["u8);
            for (int i = 0; i < answer.Calls.Count; i++)
            {
                ToolCall call = answer.Calls[i];
                buffer.Add(i == 0 ? "{\"id\":\""u8 : ",{\"id\":\""u8).Add(call.Id)
                    .Add("\",\"type\":\"function\",\"function\":{\"name\":"u8).AddJson(call.Name)
                    .Add(",\"arguments\":\""u8).AddEscaped(call.Arguments.Text).Add("\"}}"u8);
            }

            buffer.Add((byte)']');
        }

        if (answer.ShownReasoning is { } reasoning)
        {
            buffer.Add(",\"reasoning_content\":\""u8).AddEscaped(reasoning.Text).Add((byte)'"');
        }

        buffer.Add(",\"refusal\":null,\"annotations\":[]}"u8);
    }
}

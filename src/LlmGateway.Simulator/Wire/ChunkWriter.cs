using LlmGateway.Simulator.Answers;

namespace LlmGateway.Simulator.Wire;

/// <summary>
/// Writes the events of a streamed answer, each into the same buffer. What all of them begin with is written once.
/// </summary>
/// <param name="head">What every chunk says.</param>
/// <param name="nullUsage">Every chunk but the last carries <c>"usage":null</c>, as where the client asked for usage.</param>
/// <param name="obfuscate">Every chunk carries padding, as OpenAI's do against guessing by length.</param>
internal sealed class ChunkWriter(AnswerHead head, bool nullUsage, bool obfuscate) : IDisposable
{
    private readonly Utf8Buffer _event = new(1024);
    private int _headLength;
    private int _padding;

    public Utf8Buffer Done()
    {
        _event.Clear();
        _headLength = 0;
        return _event.Add("data: [DONE]\n\n"u8);
    }

    /// <summary>Azure's opening: no choices, no id, the verdict on the prompt.</summary>
    public Utf8Buffer EmptyFirst()
    {
        _event.Clear();
        _headLength = 0;
        return _event.Add("data: {\"id\":\"\",\"object\":\"\",\"created\":0,\"model\":\"\",\"choices\":[],\"prompt_filter_results\":"u8)
            .Add("[{\"prompt_index\":0,\"content_filter_results\":{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}}]}\n\n"u8);
    }

    public Utf8Buffer Role(int choice, bool callsTools)
    {
        Begin(choice).Add(callsTools ? "{\"role\":\"assistant\",\"content\":null"u8 : "{\"role\":\"assistant\",\"content\":\"\""u8).Add(",\"refusal\":null}"u8);
        return End(null);
    }

    /// <summary>The event of a step: reasoning first, then the text or the tool calls.</summary>
    public Utf8Buffer Step(int choice, Answer answer, int step)
    {
        Begin(choice);
        if (answer.ShownReasoning is { } reasoning)
        {
            if (step < reasoning.Count)
            {
                _event.Add("{\"reasoning_content\":\""u8).AddEscaped(reasoning[step]).Add("\"}"u8);
                return End(null);
            }

            step -= reasoning.Count;
        }

        if (answer.Calls is null)
        {
            _event.Add(head.Chat ? "{\"content\":\""u8 : "\""u8).AddEscaped(answer.Text[step]).Add(head.Chat ? "\"}"u8 : "\""u8);
        }
        else
        {
            CallStep(answer.Calls, step);
        }

        return End(null);
    }

    /// <param name="choice">Which choice ends.</param>
    /// <param name="reason">Why.</param>
    /// <param name="usage">The usage that some providers put beside the choices here; null for OpenAI's way.</param>
    /// <param name="insideChoice">Put it into the choice, as Kimi does.</param>
    public Utf8Buffer Finish(int choice, string reason, TokenCounts? usage, bool insideChoice)
    {
        Begin(choice).Add(head.Chat ? "{}"u8 : "\"\""u8);
        return End(reason, usage, insideChoice);
    }

    public Utf8Buffer Usage(TokenCounts usage)
    {
        Head().Add("],\"usage\":"u8);
        usage.WriteTo(_event);
        return Close();
    }

    public void Dispose() => _event.Dispose();

    private void CallStep(List<ToolCall> calls, int step)
    {
        int index = 0;
        while (step >= calls[index].Tokens)
        {
            step -= calls[index++].Tokens;
        }

        ToolCall call = calls[index];
        _event.Add("{\"tool_calls\":[{\"index\":"u8).Add(index);
        if (step == 0)
        {
            _event.Add(",\"id\":\""u8).Add(call.Id).Add("\",\"type\":\"function\",\"function\":{\"name\":"u8).AddJson(call.Name).Add(",\"arguments\":\"\"}}]}"u8);
        }
        else
        {
            _event.Add(",\"function\":{\"arguments\":\""u8).AddEscaped(call.Arguments[step - 1]).Add("\"}}]}"u8);
        }
    }

    private Utf8Buffer Head()
    {
        if (_headLength == 0)
        {
            _event.Clear();
            _event.Add("data: "u8);
            head.WriteTo(_event, head.Chat ? "chat.completion.chunk"u8 : "text_completion"u8);
            _headLength = _event.Length;
        }

        _event.Truncate(_headLength);
        return _event;
    }

    private Utf8Buffer Begin(int choice) => Head().Add("{\"index\":"u8).Add(choice).Add(head.Chat ? ",\"delta\":"u8 : ",\"text\":"u8);

    private Utf8Buffer End(string? reason, TokenCounts? usage = null, bool insideChoice = false)
    {
        _event.Add(",\"logprobs\":null,\"finish_reason\":"u8);
        if (reason is null)
        {
            _event.Add("null"u8);
        }
        else
        {
            _event.AddJson(reason);
        }

        if (usage is { } inside && insideChoice)
        {
            _event.Add(",\"usage\":"u8);
            inside.WriteTo(_event);
        }

        _event.Add("}]"u8);
        if (usage is { } beside && !insideChoice)
        {
            _event.Add(",\"usage\":"u8);
            beside.WriteTo(_event);
        }
        else if (nullUsage)
        {
            _event.Add(",\"usage\":null"u8);
        }

        return Close();
    }

    private Utf8Buffer Close()
    {
        if (obfuscate)
        {
            _padding = (_padding + 7) % 16;
            _event.Add(",\"obfuscation\":\""u8).Add("Zq3nTx0pLw8bRk5v"u8[..(16 - _padding)]).Add((byte)'"');
        }

        return _event.Add("}\n\n"u8);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using LlmGateway.Simulator.Reading;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Answers;

/// <summary>
/// Decides which functions an answer calls: the one that <c>tool_choice</c> names; else those whose names stand in the last user message
/// (only the first if parallel calls are off); else the first. The arguments are the smallest that its schema allows.
/// </summary>
internal static class ToolCallComposer
{
    private const int BytesPerToken = 8;

    /// <returns>The calls and whether they fitted the limit; null where the answer is to be a text.</returns>
    public static (List<ToolCall> Calls, bool Complete)? Compose(GenerationRequest request, ulong seed, int limit)
    {
        using JsonDocument? choice = request.ToolChoice.IsEmpty ? null : JsonDocument.Parse(request.ToolChoice);
        if (choice?.RootElement is { ValueKind: JsonValueKind.String } word && word.ValueEquals("none"u8))
        {
            return null;
        }

        using JsonDocument tools = JsonDocument.Parse(request.Tools);
        List<JsonElement> functions = Pick(request, tools.RootElement, NameIn(choice?.RootElement ?? default));
        if (functions.Count == 0)
        {
            return null;
        }

        var calls = new List<ToolCall>();
        bool complete = true;
        foreach (JsonElement function in functions)
        {
            if (limit <= 0)
            {
                return (calls, false);
            }

            using var json = new Utf8Buffer();
            SchemaSample.Write(function.TryGetProperty("parameters", out JsonElement parameters) ? parameters : default, json);
            var arguments = new TokenText();
            complete = arguments.AddPieces(json.Span, BytesPerToken, limit - 1);
            seed = Hash64.Mix(seed);
            calls.Add(new ToolCall("call_" + seed.ToString("x16", CultureInfo.InvariantCulture), function.GetProperty("name").GetString()!, arguments));
            limit -= calls[^1].Tokens;
        }

        return (calls, complete);
    }

    private static List<JsonElement> Pick(GenerationRequest request, JsonElement tools, string? named)
    {
        var functions = new List<JsonElement>();
        foreach (JsonElement tool in tools.EnumerateArray())
        {
            if (tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out JsonElement function) && NameOf(function) is not null)
            {
                functions.Add(function);
            }
        }

        if (named is not null)
        {
            return functions.FindAll(function => NameOf(function) == named);
        }

        string said = Encoding.UTF8.GetString(request.Prompt.Span[request.Prompt.LastUser]);
        List<JsonElement> mentioned = functions.FindAll(function => said.Contains(NameOf(function)!, StringComparison.Ordinal));
        List<JsonElement> picked = mentioned.Count > 0 ? mentioned : functions;
        return picked.GetRange(0, Math.Min(picked.Count, mentioned.Count > 1 && request.ParallelTools ? mentioned.Count : 1));
    }

    private static string? NameIn(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.TryGetProperty("function", out JsonElement function) ? NameOf(function) : null;

    private static string? NameOf(JsonElement function) =>
        function.ValueKind == JsonValueKind.Object && function.TryGetProperty("name", out JsonElement name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;
}

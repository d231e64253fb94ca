using System.Text;
using System.Text.Json;
using LlmGateway.Protocols.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Finds the member that is given twice in a body that has been refused for one, to say where it stands.</summary>
internal static class DuplicateMembers
{
    private const int LongestPath = 200;

    public static TranslationFault? Find(ReadOnlySpan<byte> json)
    {
        var steps = new Stack<Step>();
        try
        {
            var reader = JsonMembers.Open(json);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && !steps.Peek().Names!.Add(steps.Peek().Name = reader.GetString()!))
                    return Fault(steps);
                Walk(steps, reader.TokenType);
            }
        }
        catch (JsonException)
        {
            // Malformed before any member came twice: that is the fault then.
        }

        return null;
    }

    private static void Walk(Stack<Step> steps, JsonTokenType token)
    {
        if (token is JsonTokenType.EndObject or JsonTokenType.EndArray)
            steps.Pop();
        else if (token is not JsonTokenType.PropertyName && steps.TryPeek(out var outer) && outer.Names is null)
            outer.Index++;
        if (token is JsonTokenType.StartObject or JsonTokenType.StartArray)
            steps.Push(new Step { Names = token is JsonTokenType.StartObject ? [] : null });
    }

    private static TranslationFault Fault(Stack<Step> steps)
    {
        var path = new StringBuilder();
        foreach (var step in steps.Reverse())
        {
            if (step.Names is null)
                path.Append('[').Append(step.Index).Append(']');
            else
                path.Append(path.Length > 0 ? "." : "").Append(step.Name);
            if (path.Length > LongestPath)
                break;
        }

        var text = Errors.ErrorText.Bound(path.ToString(), LongestPath);
        return new TranslationFault(
            $"The parameter '{text}' is given twice; which one counts would depend on the reader. Send it once.", text, "duplicate_parameter");
    }

    /// <summary>An object or array that is open.</summary>
    private sealed class Step
    {
        /// <summary>The names of an object so far; null for an array.</summary>
        public HashSet<string>? Names { get; init; }

        public string Name { get; set; } = "";

        public int Index { get; set; } = -1;
    }
}

using System.Text.Json;
using LlmGateway.Keys.Stores;

namespace LlmGateway.Admin.State;

/// <summary>Text for people, that says nothing to the gateway.</summary>
internal static class Descriptions
{
    private const int Longest = 500;

    public static void Check(StateDraft draft)
    {
        if (draft.Settings.TryGetValue(StateReader.Description, out var text) && !(text.ValueKind == JsonValueKind.String && text.GetString()!.Length <= Longest))
        {
            draft.Fail(StateReader.Description, $"'{StateReader.Description}' must be a string of at most {Longest} characters.");
        }
    }
}

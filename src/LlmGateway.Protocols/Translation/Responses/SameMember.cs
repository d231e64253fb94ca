using System.Text.Json;

namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>A member whose value a chat request takes as it is.</summary>
/// <param name="Name">Its name here.</param>
/// <param name="ChatName">Its name there.</param>
/// <param name="Kind">What it must be, so that a fault is told by the name that the caller wrote.</param>
internal readonly record struct SameMember(string Name, string ChatName, MemberKind Kind)
{
    public string Expected => Kind switch
    {
        MemberKind.Boolean => "a boolean",
        MemberKind.Integer => "an integer",
        MemberKind.Number => "a number",
        MemberKind.String => "a string",
        _ => "an object",
    };

    public bool Takes(JsonElement value) => Kind switch
    {
        MemberKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        MemberKind.Integer => value.ValueKind is JsonValueKind.Number && value.TryGetInt64(out _),
        MemberKind.Number => value.ValueKind is JsonValueKind.Number,
        MemberKind.String => value.ValueKind is JsonValueKind.String,
        MemberKind.Object => value.ValueKind is JsonValueKind.Object,
        _ => true,
    };
}

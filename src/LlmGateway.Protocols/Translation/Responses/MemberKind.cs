namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>What a member must be.</summary>
internal enum MemberKind
{
    Any,
    Boolean,
    Integer,
    Number,
    String,
    Object,
}

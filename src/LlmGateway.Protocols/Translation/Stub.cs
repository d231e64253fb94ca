namespace LlmGateway.Protocols.Translation;
#pragma warning disable
public static class MessagesToChatTranslator { public static TranslatedRequest Translate(ReadOnlyMemory<byte> b) => new(default, null!, [], new("no", null, "no")); }

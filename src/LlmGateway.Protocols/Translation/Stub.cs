namespace LlmGateway.Protocols.Translation;
#pragma warning disable
public static class MessagesToChatTranslator { public static TranslatedRequest Translate(ReadOnlyMemory<byte> b) => throw new NotImplementedException(); }
public static class ResponsesToChatTranslator { public static TranslatedRequest Translate(ReadOnlyMemory<byte> b) => throw new NotImplementedException(); }

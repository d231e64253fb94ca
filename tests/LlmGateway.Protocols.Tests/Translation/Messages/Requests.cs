using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Protocols.Translation;

namespace LlmGateway.Protocols.Tests.Translation.Messages;

internal static class Requests
{
    public static TranslatedRequest Translate(string json) => MessagesToChatTranslator.Translate(Encoding.UTF8.GetBytes(json));

    /// <summary>The chat request; the messages request must be good.</summary>
    public static JsonObject Chat(string json)
    {
        var translated = Translate(json);
        Assert.Null(translated.Fault);
        return JsonNode.Parse(translated.Body.Span)!.AsObject();
    }

    /// <summary>What stands in the place of a member of the chat request that the given member of a messages request becomes.</summary>
    public static string? Member(string member, string name) => Chat(With(member))[name]?.ToJsonString(Plain);

    public static string Messages(string messages) => Chat(
        $$"""{"model":"m","max_tokens":9,"messages":{{messages}}}""")["messages"]!.ToJsonString(Plain);

    public static IReadOnlyList<string> Dropped(string member) => Translate(With(member)).Dropped;

    public static TranslationFault Fault(string json)
    {
        var translated = Translate(json);
        Assert.True(translated.Body.IsEmpty);
        Assert.NotNull(translated.Answer);
        return Assert.IsType<TranslationFault>(translated.Fault);
    }

    public static string With(string member) => $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],{{member}}}""";

    public static readonly System.Text.Json.JsonSerializerOptions Plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

using LlmGateway.Gateway;
using LlmGateway.Routing;

namespace LlmGateway.Tests.Routing;

public sealed class ConversationIdentityTests : IDisposable
{
    private const string System = """{"role":"system","content":"You are terse."}""";

    private readonly RoutingRig _rig = new();

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void A_user_is_one_whatever_is_said() =>
        Assert.Equal(Of(User("a"), ""","user":"u" """), Of(User("b"), ""","user":"u" """));

    [Fact]
    public void A_user_comes_before_a_conversation() => Assert.Equal(
        Of(User("a"), ""","user":"u","metadata":{"conversation_id":"1"}"""), Of(User("a"), ""","user":"u","metadata":{"conversation_id":"2"}"""));

    [Fact]
    public void A_conversation_is_one_by_its_id()
    {
        const string First = ""","metadata":{"team":"x","conversation_id":"1"}""";
        Assert.Equal(Of(User("a"), First), Of(User("b"), First));
        Assert.NotEqual(Of(User("a"), First), Of(User("a"), ""","metadata":{"team":"x","conversation_id":"2"}"""));
    }

    [Fact]
    public void A_conversation_that_goes_on_stays_what_it_was()
    {
        var opening = System + "," + User("a");
        Assert.Equal(Of(opening), Of(opening + """,{"role":"assistant","content":"b"},""" + User("c")));
        Assert.Equal(Of(opening), Of(opening, ""","temperature":1"""));
    }

    [Fact]
    public void Conversations_of_one_application_are_told_apart_behind_their_common_system_message() =>
        Assert.NotEqual(Of(System + "," + User("a")), Of(System + "," + User("b")));

    [Fact]
    public void The_role_may_stand_behind_the_content_and_inner_roles_do_not_count() => Assert.NotEqual(
        Of("""{"content":[{"type":"text","text":"x","role":"user"}],"role":"system"},""" + User("a")),
        Of("""{"content":[{"type":"text","text":"x","role":"user"}],"role":"system"},""" + User("b")));

    [Fact]
    public void The_same_opening_with_another_key_is_another_conversation()
    {
        var (one, other) = (Exchange(User("a")), Exchange(User("a")));
        other.Key = other.Key! with { Id = "key_2" };
        Assert.NotEqual(ConversationIdentity.Of(one), ConversationIdentity.Of(other));
    }

    [Fact]
    public void What_has_no_messages_goes_by_its_text()
    {
        Assert.Equal(Embedding("a"), Embedding("a"));
        Assert.NotEqual(Embedding("a"), Embedding("b"));
        ulong Embedding(string text) => ConversationIdentity.Of(
            _rig.Exchange(endpoint: EndpointKind.Embeddings, body: $$"""{"model":"m","encoding_format":"float","input":["{{text}}"]}"""));
    }

    private static string User(string text) => $$"""{"role":"user","content":"{{text}}"}""";

    private ulong Of(string messages, string more = "") => ConversationIdentity.Of(Exchange(messages, more));

    private Exchange Exchange(string messages, string more = "") => _rig.Exchange(body: $$"""{"model":"chat","messages":[{{messages}}]{{more}}}""");
}

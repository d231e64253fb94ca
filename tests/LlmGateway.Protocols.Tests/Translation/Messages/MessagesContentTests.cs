namespace LlmGateway.Protocols.Tests.Translation.Messages;

public sealed class MessagesContentTests
{
    [Fact]
    public void Texts_of_a_user_are_one_string() => Assert.Equal(
        """[{"role":"user","content":"a\n\nb"}]""",
        Requests.Messages("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":""},{"type":"text","text":"b"}]}]"""));

    [Fact]
    public void Images_keep_their_place_among_the_texts() => Assert.Equal(
        """[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO/w+="}},{"type":"image_url","image_url":{"url":"https://x/y.png"}},{"type":"text","text":"b"}]}]""",
        Requests.Messages("""
            [{"role":"user","content":[
              {"type":"text","text":"a"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBO/w+="}},
              {"type":"image","source":{"type":"url","url":"https://x/y.png"}},
              {"type":"text","text":""},
              {"type":"text","text":"b"}]}]
            """));

    [Fact]
    public void Data_that_is_escaped_is_the_same_data() => Assert.Equal(
        """[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/gif;base64,iV/w+="}}]}]""",
        Requests.Messages("""[{"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/gif","data":"iV\/w\u002b="}}]}]"""));

    [Fact]
    public void A_pdf_is_a_file() => Assert.Equal(
        """[{"role":"user","content":[{"type":"file","file":{"filename":"bill.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"text","text":"about it"},{"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,JVBF"}}]}]""",
        Requests.Messages("""
            [{"role":"user","content":[
              {"type":"document","title":"bill.pdf","source":{"type":"base64","media_type":"application/pdf","data":"JVBE"}},
              {"type":"document","context":"about it","title":null,"source":{"type":"base64","media_type":"application/pdf","data":"JVBF"}}]}]
            """));

    [Fact]
    public void Documents_of_text_and_search_results_are_text() => Assert.Equal(
        """[{"role":"user","content":"T\n\nC\n\nplain\n\ninner\n\nS\nhttps://s\nfound"}]""",
        Requests.Messages("""
            [{"role":"user","content":[
              {"type":"document","title":"T","context":"C","source":{"type":"text","media_type":"text/plain","data":"plain"},"citations":{"enabled":true}},
              {"type":"document","source":{"type":"content","content":[{"type":"text","text":"inner"}]}},
              {"type":"search_result","source":"https://s","title":"S","content":[{"type":"text","text":"found"}]}]}]
            """));

    [Fact]
    public void What_the_assistant_said_is_one_text() => Assert.Equal(
        """[{"role":"user","content":"q"},{"role":"assistant","content":"ab","reasoning_content":"hm"}]""",
        Requests.Messages("""
            [{"role":"user","content":"q"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"Ab=="},{"type":"text","text":"a","citations":null},{"type":"text","text":"b"}]}]
            """));

    [Fact]
    public void Thinking_that_cannot_be_read_is_left_out_and_listed()
    {
        var translated = Requests.Translate("""
            {"model":"m","max_tokens":1,"messages":[{"role":"assistant","content":[
              {"type":"thinking","thinking":"","signature":"Ab=="},
              {"type":"redacted_thinking","data":"xyz"},
              {"type":"text","text":"a"}]}]}
            """);
        Assert.Equal(
            ["messages[].content[].thinking", "messages[].content[].signature", "messages[].content[].redacted_thinking"], translated.Dropped);
        Assert.DoesNotContain("reasoning_content", System.Text.Encoding.UTF8.GetString(translated.Body.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void The_beginning_of_an_answer_stays_the_last_message() => Assert.Equal(
        """[{"role":"user","content":"json"},{"role":"assistant","content":"{"}]""",
        Requests.Messages("""[{"role":"user","content":"json"},{"role":"assistant","content":"{"}]"""));

    [Fact]
    public void A_system_message_may_stand_between() => Assert.Equal(
        """[{"role":"user","content":"a"},{"role":"system","content":"now in French"},{"role":"user","content":"b"}]""",
        Requests.Messages("""
            [{"role":"user","content":"a"},{"role":"system","content":[{"type":"text","text":"now in French"}]},{"role":"user","content":"b"}]
            """));
}

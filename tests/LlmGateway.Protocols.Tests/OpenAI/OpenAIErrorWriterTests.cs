using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Protocols.Tests.OpenAI;

public sealed class OpenAIErrorWriterTests
{
    [Fact]
    public void All_four_members_are_always_there() => Assert.Equal(
        """{"error":{"message":"Unbekanntes Modell \"é\"","type":"invalid_request_error","param":null,"code":null}}""",
        Written(output => OpenAIErrorWriter.Write(output, "Unbekanntes Modell \"é\"", "invalid_request_error", null, null)));

    [Fact]
    public void An_event_is_one_line_and_a_blank_one() => Assert.Equal(
        "data: {\"error\":{\"message\":\"a\\nb\",\"type\":\"t\",\"param\":\"p\",\"code\":\"c\"},\"choices\":null}\n\n",
        Written(output => OpenAIErrorWriter.WriteEvent(output, "a\nb", "t", "p", "c")));

    [Fact]
    public void Any_text_survives_the_journey() => Gen.String.Sample(text =>
    {
        var json = Written(output => OpenAIErrorWriter.Write(output, text, "t", null, text));
        using var document = JsonDocument.Parse(json);
        var sound = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        Assert.Equal(sound, document.RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.DoesNotContain('\n', json);
    });

    [Fact]
    public void An_unpaired_surrogate_does_no_harm() =>
        Assert.Contains("\uFFFD", JsonDocument.Parse(Written(output => OpenAIErrorWriter.Write(output, "a\ud800b", "t", null, null))).RootElement.ToString().Replace("\\uFFFD", "\uFFFD", StringComparison.OrdinalIgnoreCase), StringComparison.Ordinal);

    private static string Written(Action<ArrayBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

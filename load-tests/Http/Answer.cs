using System.Text;

namespace LlmGateway.LoadTests.Http;

/// <summary>What is kept of an answer; one object for each sender, used again for every request.</summary>
internal sealed class Answer
{
    // Enough of an error body to tell a wrong key from a missing model.
    private const int ExcerptLength = 400;

    private string _excerpt = "";

    /// <summary>Where the body is read into, over and over: no answer becomes a string or an array of its own.</summary>
    public byte[] Buffer { get; } = new byte[16 * 1024];

    public TokenStreamReader Stream { get; } = new();

    /// <summary>0 while there is none.</summary>
    public int Status { get; set; }

    /// <summary>The start of the body of an answer that is not a 200.</summary>
    public string Excerpt => _excerpt;

    public void Reset()
    {
        Status = 0;
        _excerpt = "";
        Stream.Reset();
    }

    /// <summary>Takes bytes of the body, received at <paramref name="now"/>.</summary>
    public void Take(ReadOnlySpan<byte> body, long now)
    {
        if (Status == 200)
        {
            Stream.Feed(body, now);
        }
        else if (_excerpt.Length < ExcerptLength)
        {
            _excerpt += Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptLength - _excerpt.Length)]);
        }
    }
}

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>Finds where an object or array ends that arrives in pieces. It does not judge what is inside.</summary>
internal struct JsonEnd
{
    private int _depth;
    private bool _inString;
    private bool _escaped;

    public bool IsReached { get; private set; }

    public void Feed(ReadOnlySpan<byte> json)
    {
        foreach (var letter in json)
        {
            if (_escaped)
                _escaped = false;
            else if (_inString)
                FeedString(letter);
            else
                FeedStructure(letter);
        }
    }

    private void FeedString(byte letter)
    {
        _escaped = letter is (byte)'\\';
        _inString = letter is not (byte)'"';
    }

    private void FeedStructure(byte letter)
    {
        switch (letter)
        {
            case (byte)'"':
                _inString = true;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                break;
            case (byte)'}' or (byte)']':
                IsReached |= --_depth == 0;
                break;
        }
    }
}

using System.Text.Json;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>
/// The one pass that writes a body in its canonical form. Only a body that <see cref="RequestReader"/> has read may be given to it, so nothing
/// is checked again. The order of members does not matter in the body, in messages and in content parts; deeper it does.
/// </summary>
internal ref struct CanonicalWalk
{
    /// <summary>Goes up when the form changes, so that keys of another form are never met.</summary>
    private const byte Version = 1;

    private readonly EndpointKind _endpoint;
    private Utf8JsonReader _reader;
    private FrameBuffer _frames;
    private MemberFrames _members = new();
    private CanonicalMessages _messages;
    private FrameRange _open;
    private CanonicalInput[] _inputs = [];
    private double? _temperature;
    private bool _tools;
    private bool _stored;
    private bool _seed;
    private bool _state;
    private bool _search;
    private bool _audio;

    public CanonicalWalk(ReadOnlySpan<byte> body, EndpointKind endpoint)
    {
        _endpoint = endpoint;
        _reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });

        // Frames are longer than JSON only where it has many short values.
        _frames = new FrameBuffer(body.Length + body.Length / 4 + 256);
    }

    public readonly FrameBuffer Frames => _frames;

    /// <summary>The last user turn's text, or the inputs.</summary>
    public readonly FrameRange Open => _open;

    public readonly CanonicalInput[] Inputs => _inputs;

    public readonly CacheabilityFacts Facts => new()
    {
        Temperature = _temperature,
        HasTools = _tools || _messages.HasTools,
        HasMedia = _audio || _messages.HasMedia,
        Stored = _stored,
        HasSeed = _seed,
        DependsOnState = _state,
        DependsOnSearch = _search,
        Messages = _messages.Count,
        UserTurns = _messages.UserTurns,
        EndsWithUserText = _messages.EndsWithUserText,
        LastUserTurn = _messages.LastUserTurn,
    };

    public void Run()
    {
        _frames.Add(Version);
        _frames.Add((byte)_endpoint);
        _reader.Read();
        while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
        {
            var head = _frames.BeginMember(ref _reader);
            if (CanonicalMembers.IsLeftOut(head.Name(_frames.Written)))
            {
                _reader.Skip();
                _frames.Truncate(head.Start);
                continue;
            }

            ReadValue(head);
            var name = head.Name(_frames.Written);
            var value = _frames.Written[head.ValueStart..];
            var isDefault = CanonicalMembers.IsDefault(name, value);
            if (!isDefault)
            {
                Note(name, value);
            }

            _members.Add(head.To(_frames.Length, isDefault));
        }

        FrameRange none = default;
        _members.Close(0, ref _frames, ref _open, ref none);
        _members.Return();
        _frames.Add(FrameBuffer.End);
    }

    private void ReadValue(MemberHead head)
    {
        var name = head.Name(_frames.Written);
        if (_endpoint is EndpointKind.ChatCompletions && name.SequenceEqual("messages"u8))
        {
            _messages.Read(ref _reader, ref _frames, ref _members, ref _open);
        }
        else if (_endpoint is EndpointKind.Embeddings && name.SequenceEqual("input"u8))
        {
            var inputsStart = _frames.Length;
            _inputs = CanonicalInputs.Read(ref _reader, ref _frames);
            _open = new FrameRange(inputsStart, _frames.Length - inputsStart);
        }
        else if (_endpoint is EndpointKind.Completions && name.SequenceEqual("prompt"u8))
        {
            _ = CanonicalInputs.Read(ref _reader, ref _frames);
        }
        else
        {
            if (_reader.TokenType is JsonTokenType.Number && name.SequenceEqual("temperature"u8) && _reader.TryGetDouble(out var temperature))
            {
                _temperature = temperature;
            }

            _frames.AddValue(ref _reader);
        }
    }

    private void Note(ReadOnlySpan<byte> name, ReadOnlySpan<byte> frame)
    {
        var off = frame[0] is FrameBuffer.False or FrameBuffer.Null;
        if (name.SequenceEqual("tools"u8) || name.SequenceEqual("functions"u8))
        {
            _tools = true;
        }
        else if (name.SequenceEqual("store"u8))
        {
            _stored = true;
        }
        else if (name.SequenceEqual("seed"u8))
        {
            _seed = true;
        }
        else if (name.SequenceEqual("audio"u8))
        {
            _audio = true;
        }
        else
        {
            _state |= !off && CanonicalMembers.IsState(name);
            _search |= !off && CanonicalMembers.IsSearch(name);
        }
    }
}

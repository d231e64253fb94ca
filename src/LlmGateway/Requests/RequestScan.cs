using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>
/// The one pass. Every member that is read here is refused when it is given twice: two parsers may differ on which one counts, and what was
/// checked and priced must be what the provider does.
/// </summary>
internal ref struct RequestScan
{
    /// <summary>How long a text for attribution may be, in characters; a longer one is not kept.</summary>
    private const int MaxUserLength = 256;

    private readonly EndpointKind _endpoint;
    private readonly ReadOnlyMemory<byte> _body;
    private readonly int _afterOpeningBrace;
    private Utf8JsonReader _reader;
    private InputTally _tally;
    private uint _seen;
    private int _prompts = 1;
    private int _n = 1;
    private int _bestOf = 1;
    private bool _stream;
    private bool _includeUsage;
    private bool _parallelTools;
    private int _tools;
    private long? _maxOutput;
    private string? _model;
    private string? _user;
    private string? _safetyIdentifier;
    private bool _userDropped;
    private List<string>? _fallbacks;
    private OutputBound _maxTokens;
    private OutputBound _maxCompletionTokens;
    private BodyRange _unboundMaxTokens;
    private BodyRange _unboundMaxCompletionTokens;
    private BodyRange _modelAt;
    private BodyRange _streamOptionsAt;
    private BodyRange _includeUsageAt;
    private BodyRange _metadataAt;
    private BodyRange _oursAt;
    private BodyRange _toolsAt;
    private int _toolTokens;
    private MessageEndKeeper _messages;
    private int _messagesStart;
    private int _messagesEnd;

    public RequestScan(EndpointKind endpoint, ReadOnlyMemory<byte> body)
    {
        _endpoint = endpoint;
        _body = body;
        _reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = RequestReader.MaxDepth });
        _afterOpeningBrace = body.Span.IndexOf((byte)'{') + 1;
    }

    /// <summary>How deep the reader was when it stopped.</summary>
    public readonly int Depth => _reader.CurrentDepth;

    private readonly RequestMember Content => _endpoint switch
    {
        EndpointKind.ChatCompletions => RequestMember.Messages,
        EndpointKind.Completions => RequestMember.Prompt,
        _ => RequestMember.Input,
    };

    /// <exception cref="JsonException">The body is not JSON.</exception>
    public GatewayError? Run()
    {
        _reader.Read();
        if (_reader.TokenType is not JsonTokenType.StartObject)
        {
            // To the end, so that what is no JSON at all is called that.
            var found = _reader.TokenType;
            _reader.Skip();
            _reader.Read();
            return RequestErrors.NotAnObject(found);
        }

        var previousEnd = _afterOpeningBrace;
        var oursFirst = -1;
        while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
        {
            var nameAt = (int)_reader.TokenStartIndex;
            if (oursFirst >= 0)
            {
                // Ours came first: it goes with everything up to the member that is first then.
                _oursAt = new BodyRange(oursFirst, nameAt - oursFirst);
                oursFirst = -1;
            }

            var member = RequestMembers.Find(_reader, out var exact);
            if (member is not RequestMember.Other && Claim(member, exact) is { } refusal)
            {
                return refusal;
            }

            _reader.Read();
            if (Read(member) is { } error)
            {
                return error;
            }

            if (member is RequestMember.Fallbacks)
            {
                // With the comma before it, where there is one.
                _oursAt = new BodyRange(previousEnd, (int)_reader.BytesConsumed - previousEnd);
                oursFirst = previousEnd == _afterOpeningBrace ? nameAt : -1;
            }

            previousEnd = (int)_reader.BytesConsumed;
        }

        // Anything behind the closing brace is an error to the reader.
        _reader.Read();
        return Complete();
    }

    public readonly InferenceRequest ToRequest(RequestBuffer? owner) => new()
    {
        Owner = owner,
        Body = _body,
        Model = _model!,
        Stream = _stream && _endpoint is not EndpointKind.Embeddings,
        IncludeUsage = _includeUsage,
        MaxOutput = _maxOutput,
        Choices = (int)Math.Min(int.MaxValue, (long)Math.Max(_n, _bestOf) * _prompts),
        Returned = (int)Math.Min(int.MaxValue, (long)_n * _prompts),
        Needs = _tally.Needs,
        InputTokenEstimate = _tally.Tokens,
        User = _user ?? _safetyIdentifier,
        UserDropped = _userDropped,
        Metadata = _metadataAt.Exists ? _body.Slice(_metadataAt.Start, _metadataAt.Length) : default,
        Fallbacks = _fallbacks ?? (IReadOnlyList<string>)[],
        Marks = new BodyMarks
        {
            Model = _modelAt,
            AfterOpeningBrace = _afterOpeningBrace,
            MaxTokens = _maxTokens,
            MaxCompletionTokens = _maxCompletionTokens,
            UnboundMaxTokens = _unboundMaxTokens,
            UnboundMaxCompletionTokens = _unboundMaxCompletionTokens,
            StreamOptions = _streamOptionsAt,
            IncludeUsage = _includeUsageAt,
            Tools = _toolsAt,
            ToolTokens = _toolTokens,
            MessagesStart = _messagesStart,
            MessagesEnd = _messagesEnd,
            MessageEnds = _messages.ToArray(),
            Ours = _oursAt.Exists ? [_oursAt] : [],
        },
    };

    private GatewayError? Claim(RequestMember member, bool exact)
    {
        if (!exact)
        {
            return RequestErrors.Misspelt(RequestMembers.NameOf(member));
        }

        var twice = Saw(member);
        _seen |= 1u << (int)member;
        return twice ? RequestErrors.Duplicate(RequestMembers.NameOf(member)) : null;
    }

    private readonly bool Saw(RequestMember member) => (_seen & (1u << (int)member)) != 0;

    private GatewayError? Complete()
    {
        if (_model is null)
        {
            return RequestErrors.NoModel;
        }

        if (!Saw(Content))
        {
            return RequestErrors.Missing(RequestMembers.NameOf(Content));
        }

        if (_parallelTools && _tools > 1)
        {
            _tally.Needs |= Capabilities.ParallelTools;
        }

        if (_endpoint is EndpointKind.Embeddings)
        {
            _tally.Needs |= Capabilities.Embeddings;
        }

        return null;
    }

    /// <summary>Reads the value that the reader is at, to its end.</summary>
    private GatewayError? Read(RequestMember member)
    {
        switch (member)
        {
            case RequestMember.Model:
                return ReadModel();
            case RequestMember.Stream:
                return MemberValue.ReadBoolean(ref _reader, "stream", ref _stream);
            case RequestMember.StreamOptions:
                return ReadStreamOptions();
            case RequestMember.MaxTokens or RequestMember.MaxCompletionTokens:
                return ReadMaxOutput(member);
            case RequestMember.N:
                return MemberValue.ReadCount(ref _reader, "n", ref _n);
            case RequestMember.BestOf:
                return MemberValue.ReadCount(ref _reader, "best_of", ref _bestOf);
            case RequestMember.User:
                return MemberValue.ReadText(ref _reader, "user", MaxUserLength, ref _user, ref _userDropped);
            case RequestMember.SafetyIdentifier:
                return MemberValue.ReadText(ref _reader, "safety_identifier", MaxUserLength, ref _safetyIdentifier, ref _userDropped);
            case RequestMember.Metadata:
                return MemberValue.ReadObject(ref _reader, "metadata", ref _metadataAt);
            case RequestMember.Tools or RequestMember.Functions:
                return ReadTools(RequestMembers.NameOf(member));
            case RequestMember.ParallelToolCalls:
                return MemberValue.ReadBoolean(ref _reader, "parallel_tool_calls", ref _parallelTools);
            case RequestMember.ResponseFormat:
                return MemberValue.ReadResponseFormat(ref _reader, ref _tally);
            case RequestMember.ReasoningEffort:
                return MemberValue.ReadReasoningEffort(ref _reader, ref _tally);
            case RequestMember.Fallbacks:
                return MemberValue.ReadNames(ref _reader, "fallbacks", ref _fallbacks);
            case RequestMember.Messages or RequestMember.Prompt or RequestMember.Input when member == Content:
                return ReadContent(member);
            default:
                _reader.Skip();
                return null;
        }
    }

    private GatewayError? ReadModel()
    {
        if (_reader.TokenType is JsonTokenType.Null)
        {
            return RequestErrors.NoModel;
        }

        if (_reader.TokenType is not JsonTokenType.String)
        {
            return RequestErrors.WrongType("model", "a string", _reader.TokenType);
        }

        if (!JsonText.TryGetString(_reader, RequestReader.MaxModelLength, out var model) || string.IsNullOrWhiteSpace(model))
        {
            return RequestErrors.Invalid("model", $"it must be a name of 1 to {RequestReader.MaxModelLength} characters");
        }

        _model = model;
        _modelAt = MemberValue.RangeOf(_reader);
        return null;
    }

    private GatewayError? ReadTools(string name)
    {
        var (start, before) = ((int)_reader.TokenStartIndex, _tally.Tokens);
        var error = MemberValue.ReadTools(ref _reader, name, ref _tally, ref _tools);
        _toolsAt = new BodyRange(start, (int)_reader.BytesConsumed - start);
        _toolTokens = (int)Math.Min(int.MaxValue, _tally.Tokens - before);
        return error;
    }

    private GatewayError? ReadMaxOutput(RequestMember member)
    {
        var name = RequestMembers.NameOf(member);
        long? value = null;
        if (MemberValue.ReadInteger(ref _reader, name, ref value) is { } error)
        {
            return error;
        }

        // -1 means "no bound" to llama.cpp and LM Studio. Where both members are given, a provider may go by either: the larger one binds us.
        if (value < -1)
        {
            return RequestErrors.Invalid(name, $"it must not be negative, but is {value}");
        }

        if (value > 0)
        {
            var bound = new OutputBound(MemberValue.RangeOf(_reader), value.Value);
            _ = member is RequestMember.MaxTokens ? _maxTokens = bound : _maxCompletionTokens = bound;
        }
        else if (value is null or -1)
        {
            _ = member is RequestMember.MaxTokens
                ? _unboundMaxTokens = MemberValue.RangeOf(_reader)
                : _unboundMaxCompletionTokens = MemberValue.RangeOf(_reader);
        }

        _maxOutput = value is null or -1 ? _maxOutput : Math.Max(_maxOutput ?? 0, value.Value);
        return null;
    }

    private GatewayError? ReadStreamOptions()
    {
        var start = (int)_reader.TokenStartIndex;
        if (_reader.TokenType is JsonTokenType.StartObject)
        {
            while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
            {
                if (!JsonText.Is(_reader, "include_usage"u8))
                {
                    _reader.Skip();
                    continue;
                }

                if (_includeUsageAt.Exists)
                {
                    return RequestErrors.Duplicate("stream_options.include_usage");
                }

                _reader.Read();
                if (MemberValue.ReadBoolean(ref _reader, "stream_options.include_usage", ref _includeUsage) is { } error)
                {
                    return error;
                }

                _includeUsageAt = MemberValue.RangeOf(_reader);
            }
        }
        else if (_reader.TokenType is not JsonTokenType.Null)
        {
            return RequestErrors.WrongType("stream_options", "an object", _reader.TokenType);
        }

        _streamOptionsAt = new BodyRange(start, (int)_reader.BytesConsumed - start);
        return null;
    }

    private GatewayError? ReadContent(RequestMember member)
    {
        if (_reader.TokenType is JsonTokenType.Null)
        {
            return RequestErrors.Missing(RequestMembers.NameOf(member));
        }

        if (member is not RequestMember.Messages)
        {
            return MemberValue.ReadTextOrTokens(ref _reader, RequestMembers.NameOf(member), ref _tally, ref _prompts);
        }

        if (_reader.TokenType is not JsonTokenType.StartArray)
        {
            return RequestErrors.WrongType("messages", "an array of objects", _reader.TokenType);
        }

        _messagesStart = (int)_reader.BytesConsumed;
        var error = MessagesReader.Read(ref _reader, ref _tally, ref _messages);
        _messagesEnd = (int)_reader.TokenStartIndex;
        return error;
    }
}

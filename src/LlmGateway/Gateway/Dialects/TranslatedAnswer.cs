using System.Buffers;
using System.IO.Pipelines;
using LlmGateway.Protocols.Translation;
using Microsoft.AspNetCore.Http.Features;

namespace LlmGateway.Gateway.Dialects;

/// <summary>
/// Stands in the place of a client's response body: what rooms write into it is chat, what the client gets is its own dialect. A stream is
/// translated event by event; a whole answer is put aside until the walk has ended, and then sent with its own length.
/// </summary>
internal sealed class TranslatedAnswer : IHttpResponseBodyFeature
{
    private readonly HttpContext _http;
    private readonly IHttpResponseBodyFeature _client;
    private ArrayBufferWriter<byte>? _whole;
    private StreamTranslation? _stream;
    private PipeWriter? _writer;

    private TranslatedAnswer(HttpContext http, IHttpResponseBodyFeature client, ClientDialect dialect)
    {
        _http = http;
        _client = client;
        Dialect = dialect;
        Translator = dialect.Errors;
        Stream = new TranslatedBody(this);
    }

    public ClientDialect Dialect { get; }

    /// <summary>Writes the answer to this request; until one was read, it writes errors only.</summary>
    public IAnswerTranslator Translator { get; set; }

    public Stream Stream { get; }

    public PipeWriter Writer => _writer ??= PipeWriter.Create(Stream, new StreamPipeWriterOptions(leaveOpen: true));

    /// <summary>Puts itself before the body of the response.</summary>
    public static TranslatedAnswer Before(HttpContext http, ClientDialect dialect)
    {
        var answer = new TranslatedAnswer(http, http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), dialect);
        http.Features.Set<IHttpResponseBodyFeature>(answer);
        return answer;
    }

    public void DisableBuffering() => _client.DisableBuffering();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    /// <summary>A whole answer begins when it is whole: until then it may still become an error.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default) => IsStream ? _client.StartAsync(cancellationToken) : Task.CompletedTask;

    public Task CompleteAsync() => Task.CompletedTask;

    /// <summary>The walk has ended well: sends what was put aside.</summary>
    /// <returns>False where the provider's answer has no form in the dialect; nothing is sent then.</returns>
    /// <exception cref="IOException">The client's connection is gone.</exception>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async ValueTask<bool> FinishAsync()
    {
        if (_whole is null)
        {
            return true;
        }

        var body = new ArrayBufferWriter<byte>(_whole.WrittenCount + 256);
        if (!Translator.TryWriteWhole(_whole.WrittenMemory, body))
        {
            return false;
        }

        await SendAsync(body.WrittenMemory);
        return true;
    }

    /// <summary>Sends an error, in place of what was put aside.</summary>
    /// <exception cref="IOException">The client's connection is gone.</exception>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public ValueTask SendErrorAsync(GatewayError error, string? requestId)
    {
        var body = new ArrayBufferWriter<byte>(256);
        Translator.WriteError(new TranslatedError(error.Status, error.Message, error.Type, error.Param, error.Code, requestId), body);
        return SendAsync(body.WrittenMemory);
    }

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        if (!IsStream)
        {
            (_whole ??= new ArrayBufferWriter<byte>(Math.Max(bytes.Length, 256))).Write(bytes.Span);
            return;
        }

        if (_stream is null)
        {
            // Of the chat stream; this one is of another length.
            _http.Response.ContentLength = null;
            _stream = new StreamTranslation(Translator);
        }

        var translated = _stream.Translate(bytes.Span);
        if (translated.Length > 0)
        {
            await _client.Stream.WriteAsync(translated, cancellation);
        }
    }

    internal Task FlushAsync(CancellationToken cancellation) => IsStream ? _client.Stream.FlushAsync(cancellation) : Task.CompletedTask;

    private bool IsStream => _stream is not null || (_http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) ?? false);

    private async ValueTask SendAsync(ReadOnlyMemory<byte> body)
    {
        _whole = null;
        _http.Response.ContentType = "application/json";
        _http.Response.ContentLength = body.Length;
        await _client.Stream.WriteAsync(body, _http.RequestAborted);
    }
}

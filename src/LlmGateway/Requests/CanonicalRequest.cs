using System.Security.Cryptography;
using LlmGateway.Gateway;

namespace LlmGateway.Requests;

/// <summary>
/// A request as bytes that are equal for all requests that ask the same and different for any others, whatever the spelling of strings and
/// numbers, the white space, and the order of members. Who asks, for which model, streamed or not is not in it: the caller adds what matters.
/// The bytes are pooled; they are gone with <see cref="Dispose"/>.
/// </summary>
internal sealed class CanonicalRequest : IDisposable
{
    /// <summary>Stands for the open part among its surroundings; begins no frame.</summary>
    private static ReadOnlySpan<byte> Gap => [0xFF];

    private readonly int _length;
    private readonly FrameRange _open;
    private readonly CanonicalInput[] _inputs;
    private byte[]? _bytes;

    private CanonicalRequest(byte[] bytes, int length, FrameRange open, CanonicalInput[] inputs, CacheabilityFacts facts)
    {
        (_bytes, _length, _open, _inputs, Facts) = (bytes, length, open, inputs, facts);
    }

    public CacheabilityFacts Facts { get; }

    /// <summary>The canonical bytes.</summary>
    public ReadOnlySpan<byte> Bytes => Pooled.AsSpan(0, _length);

    /// <summary>The text of the last user turn, without escapes; empty where that turn is not just text, and for what is no chat.</summary>
    public ReadOnlySpan<byte> LastUserTurn =>
        Facts.LastUserTurn.Exists && _open.Exists ? Bytes[(_open.Start + FrameBuffer.TextHead).._open.End] : default;

    /// <summary>How many inputs an embeddings request has; 0 at other endpoints.</summary>
    public int InputCount => _inputs.Length;

    private byte[] Pooled => _bytes ?? throw new ObjectDisposedException(nameof(CanonicalRequest));

    public static CanonicalRequest Of(InferenceRequest request, EndpointKind endpoint)
    {
        var walk = new CanonicalWalk(request.Body.Span, endpoint);
        walk.Run();
        return new CanonicalRequest(
            walk.Frames.Take(), walk.Frames.Length, walk.Open, walk.Inputs, walk.Facts with { Choices = request.Returned });
    }

    /// <summary>The canonical bytes of one input, be it text or tokens.</summary>
    public ReadOnlySpan<byte> Input(int index)
    {
        var frames = _inputs[index].Frames;
        return Bytes.Slice(_open.Start + 1 + frames.Start, frames.Length);
    }

    /// <summary>The JSON of one input in the body.</summary>
    public BodyRange InputAt(int index) => _inputs[index].Body;

    public void AppendTo(IncrementalHash hash) => hash.AppendData(Bytes);

    /// <summary>
    /// All but the open part: of a chat, the text of the last user turn; of embeddings, the inputs. Where there is no open part it is the whole.
    /// </summary>
    public void AppendSurroundingsTo(IncrementalHash hash)
    {
        if (!_open.Exists)
        {
            hash.AppendData(Bytes);
            return;
        }

        hash.AppendData(Bytes[.._open.Start]);
        hash.AppendData(Gap);
        hash.AppendData(Bytes[_open.End..]);
    }

    /// <summary>The same embeddings request for some of its inputs, in the order given: for those that are not known yet.</summary>
    public InferenceRequest WithInputs(InferenceRequest request, ReadOnlySpan<int> wanted) => InputSubset.Of(request, _inputs, wanted);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _bytes, null) is { } bytes)
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}

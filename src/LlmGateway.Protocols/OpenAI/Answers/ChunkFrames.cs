using System.Buffers;

namespace LlmGateway.Protocols.OpenAI.Answers;

/// <summary>Writes the frames of the chunks of one answer: what all of them share, and where each begins and ends.</summary>
internal readonly ref struct ChunkFrames
{
    private readonly ReadOnlySpan<byte> _id;
    private readonly ReadOnlySpan<byte> _object;
    private readonly ReadOnlySpan<byte> _shared;
    private readonly bool _usageComes;

    /// <param name="id">One for all of them.</param>
    /// <param name="isCompletion">Legacy completions name their object otherwise.</param>
    /// <param name="shared">Members of the top, each with a comma behind.</param>
    /// <param name="usageComes">Each chunk says that there is no usage yet, as OpenAI's do when it was asked for.</param>
    public ChunkFrames(ReadOnlySpan<byte> id, bool isCompletion, ReadOnlySpan<byte> shared, bool usageComes, IBufferWriter<byte> output)
    {
        _id = id;
        _object = isCompletion ? "\",\"object\":\"text_completion\","u8 : "\",\"object\":\"chat.completion.chunk\","u8;
        _shared = shared;
        _usageComes = usageComes;
        Output = output;
    }

    public IBufferWriter<byte> Output { get; }

    /// <summary>Up to the members of the choice, the index behind it.</summary>
    /// <param name="index">The choice's, as it is spelt.</param>
    /// <param name="once">Further members of the top, each with a comma behind.</param>
    public void BeginChoice(ReadOnlySpan<byte> index, ReadOnlySpan<byte> once)
    {
        Begin();
        Output.Write(once);
        Output.Write("\"choices\":[{\"index\":"u8);
        Output.Write(index);
    }

    public void EndChoice()
    {
        Output.Write(_usageComes ? "}],\"usage\":null}\n\n"u8 : "}]}\n\n"u8);
    }

    public void WriteUsage(ReadOnlySpan<byte> usage)
    {
        Begin();
        Output.Write("\"choices\":[],\"usage\":"u8);
        Output.Write(usage);
        Output.Write("}\n\n"u8);
    }

    private void Begin()
    {
        Output.Write("data: {\"id\":\""u8);
        Output.Write(_id);
        Output.Write(_object);
        Output.Write(_shared);
    }
}

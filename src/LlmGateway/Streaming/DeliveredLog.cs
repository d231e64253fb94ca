using System.Buffers;
using LlmGateway.Protocols.OpenAI;

namespace LlmGateway.Streaming;

/// <summary>
/// Remembers what a client has been sent, so that another deployment can go on with it. Text stands in the keeper of text already; here is
/// only of which kind it is, a run for many events. The first chunk and those with calls of tools are kept as they are and read again only
/// if the stream dies. Bounded: beyond, nobody goes on.
/// </summary>
internal sealed class DeliveredLog(TextKeeper text) : IDisposable
{
    private readonly TextKeeper _raw = new();

    // A plain answer has three runs: its first chunk, its reasoning, its text.
    private readonly List<Run> _runs = new(4);
    private bool _hasHead;
    private bool _hasRole;
    private bool _lost;

    /// <summary>An event goes to the client.</summary>
    /// <param name="json">Its payload.</param>
    /// <param name="facts">What was found in it.</param>
    /// <param name="textBefore">How much text the keeper had seen before.</param>
    public void Add(ReadOnlySpan<byte> json, in ChatChunkFacts facts, long textBefore)
    {
        _hasRole |= facts.HasRole;
        _lost |= (facts.Kinds & TextKinds.Other) != 0;
        var isHead = !_hasHead && facts.HasChoices;
        if (_lost || (facts.Kinds is TextKinds.None && !isHead))
        {
            return;
        }

        var length = (int)(text.Seen - textBefore);
        if (!isHead && facts.Kinds is TextKinds.Content or TextKinds.Reasoning)
        {
            Extend(new Run(facts.Kinds, length, 0));
            return;
        }

        // No payload has a line break in it, so one can stand between two.
        _hasHead = true;
        _raw.Write(json);
        _raw.Write("\n"u8);
        Extend(new Run(TextKinds.None, length, json.Length + 1));
    }

    /// <summary>All of it; null where it cannot be gone on with.</summary>
    public Delivered? Read()
    {
        if (_lost || !_hasHead || !text.IsWhole || !_raw.IsWhole)
        {
            return null;
        }

        var kept = text.Kept.Span;
        var raw = _raw.Kept.Span;
        var delivered = new Delivered { Head = ChunkJson.Parse(raw[..raw.IndexOf((byte)'\n')]), HasRole = _hasRole };
        foreach (var run in _runs)
        {
            if (run.Kind is TextKinds.None)
            {
                delivered.AddLines(raw[..run.Raw]);
            }
            else
            {
                (run.Kind is TextKinds.Content ? delivered.Content : delivered.Reasoning).Write(kept[..run.Text]);
            }

            kept = kept[run.Text..];
            raw = raw[run.Raw..];
        }

        return delivered.CanGoOn ? delivered : null;
    }

    public void Dispose() => _raw.Dispose();

    private void Extend(Run run)
    {
        var last = _runs.Count - 1;
        if (last >= 0 && _runs[last].Kind == run.Kind)
        {
            _runs[last] = new Run(run.Kind, _runs[last].Text + run.Text, _runs[last].Raw + run.Raw);
        }
        else
        {
            _runs.Add(run);
        }
    }

    /// <param name="Kind">None for events that are kept as they are.</param>
    /// <param name="Text">Bytes of the keeper of text.</param>
    /// <param name="Raw">Bytes of events that are kept as they are.</param>
    private readonly record struct Run(TextKinds Kind, int Text, int Raw);
}

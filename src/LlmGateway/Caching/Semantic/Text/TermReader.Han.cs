namespace LlmGateway.Caching.Semantic.Text;

/// <summary>The part that reads Chinese.</summary>
internal sealed partial class TermReader
{
    private void Han(in Piece piece)
    {
        var text = piece.Text;
        var traits = piece.Traits;
        Span<byte> lengths = text.Length < 256 ? stackalloc byte[text.Length] : new byte[text.Length];
        HanCutter.Cut(text, lexicon, lengths);
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            if (rest is "第" && _at + 1 < pieces.Count && pieces[_at + 1].Kind == RawTokenKind.Number)
            {
                return;
            }

            var entry = lexicon.Find(rest[..lengths[i]]);
            var length = entry is null ? 1 : lengths[i];
            if (rest is "不" && i > 0 && _terms.Count > 0)
            {
                // 行不: a question that ends in the word of negation.
                if (_terms.Count > 0 && _terms[^1].Text is "行" or "成" or "中" or "好")
                {
                    _terms.RemoveAt(_terms.Count - 1);
                }

                Add(lexicon.Find("是否")!, "是否", traits, han: true, 2);
                return;
            }

            if (length < 3 && Doubled(rest) is var doubled and > 0)
            {
                // 难不难: whether, and 难.
                Add(lexicon.Find("是否")!, "是否", traits, han: true, 2);
                i += doubled;
                continue;
            }

            if (entry is { Parts: not null } && rest[..length] is "怎么办" or "咋办" && rest.Length > length && lexicon.Find(rest.Slice(length, lengths[i + length])) is null or { Kind: ConceptKind.Content })
            {
                // 怎么办护照 asks how to get one; 护照丢了怎么办 what to do.
                length--;
                entry = lexicon.Find(rest[..length]);
            }

            var read = (_hanNumbers ??= new HanNumberReader(lexicon, _numbers)).Read(rest, length, _terms);
            if (read > 0)
            {
                i += read;
            }
            else if (entry is null || entry.Kind is ConceptKind.UnitAfterNumber or ConceptKind.Measure)
            {
                // A counting word without a number is a noun or nothing.
                if (rest[0] is not ('个' or '点') && (entry is not { Kind: ConceptKind.Measure } || !(_terms.Count > 0 && Counts(_terms[^1]))))
                {
                    // 写首诗: the one is left unsaid.
                    var kind = entry is { Kind: ConceptKind.Measure } && rest.Length > length ? ConceptKind.Implied : ConceptKind.Content;
                    Add(new Term(rest[..length].ToString(), kind, entry?.Senses ?? Term.NoSenses, traits, IsHan: true));
                }

                i += length;
            }
            else
            {
                Add(entry, rest[..length].ToString(), traits, han: true, length);
                i += length;
            }

            traits &= ~TermTraits.First;
        }
    }

    /// <summary>The characters before the second half of 难不难, 适合不适合, 去没去.</summary>
    private static int Doubled(ReadOnlySpan<char> text) =>
        text.Length > 2 && text[1] is '不' or '没' && text[0] == text[2] ? 2 : text.Length > 4 && text[2] is '不' or '没' && text[..2].SequenceEqual(text[3..5]) ? 3 : 0;

    private static bool Counts(in Term term) => term.IsNumber || (term.Kind is ConceptKind.Question && (term.Means("what") || term.Means("amount"))) || term.Kind is ConceptKind.Quantifier || term.Text is "这" or "那" or "每";
}

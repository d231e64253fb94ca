namespace LlmGateway.Caching.Semantic.Text;

/// <summary>One spelling for texts that differ only in Unicode form, width, whitespace, and (for equality) case and sentence punctuation.</summary>
internal static class TextNormaliser
{
    /// <summary>
    /// Width and form folded, what is invisible dropped, whitespace single and none beside a Chinese character. Case stays, since capitals tell
    /// names. Traditional characters become simplified ones: <see cref="TraditionalCharacters"/>.
    /// </summary>
    public static string Fold(string text)
    {
        var folded = new ValueText(text.Length + 8);
        var space = false;
        foreach (var c in text)
        {
            if (CharacterFolding.IsInvisible(c))
            {
                continue;
            }

            if (char.IsWhiteSpace(c))
            {
                space = folded.Length > 0;
                continue;
            }

            if (space && !CharacterFolding.IsHan(c) && !CharacterFolding.IsHan(folded.Last))
            {
                folded.Append(' ');
            }

            space = false;
            CharacterFolding.Append(ref folded, c);
        }

        folded.TrimEnd();
        return TraditionalCharacters.Simplify(folded.Finish());
    }

    /// <summary>
    /// Equal for two texts that are the same question beyond doubt. Only punctuation that ends or parts sentences goes, and only where it
    /// stands beside a space, an end or a Chinese character: <c>3.5</c>, <c>C#</c>, <c>.NET</c>, <c>5!</c> and <c>-5</c> keep theirs.
    /// </summary>
    public static string ForEquality(string folded)
    {
        var text = new ValueText(folded.Length);
        var space = false;
        for (var i = 0; i < folded.Length; i++)
        {
            var c = folded[i];
            if (c == ' ' || IsSentenceMark(folded, i))
            {
                space = text.Length > 0;
                continue;
            }

            if (space && !CharacterFolding.IsHan(c) && !CharacterFolding.IsHan(text.Last))
            {
                text.Append(' ');
            }

            space = false;
            text.Append(char.ToLowerInvariant(c));
        }

        text.TrimEnd();
        return text.Finish();
    }

    private static bool IsSentenceMark(string text, int at)
    {
        if (text[at] is not ('.' or ',' or '?' or '!' or ';' or ':' or '~'))
        {
            return false;
        }

        // A factorial.
        if (text[at] == '!' && at > 0 && char.IsAsciiDigit(text[at - 1]))
        {
            return false;
        }

        return at + 1 >= text.Length || text[at + 1] is ' ' or '.' or '?' or '!' or ',' || CharacterFolding.IsHan(text[at + 1]) || (at > 0 && CharacterFolding.IsHan(text[at - 1]));
    }
}

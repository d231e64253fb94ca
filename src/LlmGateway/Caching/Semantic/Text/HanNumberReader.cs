namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Numbers in Chinese text, and what follows a number there: 三点半, 晚上九点, 一万五, 三分之二, 两个人.</summary>
internal sealed class HanNumberReader(Lexicon lexicon, NumberReader numbers)
{
    private int _afternoon;

    /// <summary>A number that Chinese text begins with, unless a longer word does; gives its characters.</summary>
    public int Read(ReadOnlySpan<char> text, int wordLength, List<Term> terms)
    {
        if (HalfOfDay(text, wordLength, terms) is var half and > 0)
        {
            return half;
        }

        if (text[0] == '半' && wordLength == 1 && terms.Count > 0 && terms[^1].IsNumber && (numbers.Quantities[^1].Unit is null || text.Length == 1 || UnitAt(text[1..]).Length == 0))
        {
            // 一个半小时, 三点半, 三斤半: the half belongs to the number before.
            numbers.Change(numbers.Quantities[^1] with { Value = numbers.Quantities[^1].Value + 0.5m, IsWeak = false, Text = null }, terms);
            return 1 + (text.Length > 1 ? Continue(text[1..], terms) : 0);
        }

        if (terms.Count > 0 && terms[^1].IsNumber && Continue(text, terms) is var continued and > 0)
        {
            return continued;
        }

        var percent = text.StartsWith("百分之") ? 3 : 0;
        var start = percent > 0 ? percent : text[0] == '第' ? 1 : 0;
        var (value, length) = start < text.Length ? ChineseNumbers.Read(text[start..]) : (0, 0);
        if (start == 0 && length > 0 && text[length..].StartsWith("分之") && ChineseNumbers.Read(text[(length + 2)..]) is var (part, digits) && digits > 0)
        {
            // 三分之二 as 2/3 is read.
            numbers.Add(new Quantity(value == 0 ? 0 : part / value, null, null, false), terms);
            return length + 2 + digits;
        }

        var known = wordLength > 1 && start == 0 && !(length > 0 && length < wordLength && text[length] == '月') && !(terms.Count > 0 && terms[^1].IsNumber && numbers.Quantities[^1].Unit is { Name: "oclock" });
        if (text[0] == '半' && wordLength == 1 && text.Length > 1 && UnitAt(text[1..]).Length > 0)
        {
            (value, length) = (0.5m, 1);
        }

        if (length == 0 || (known && wordLength >= length))
        {
            return 0;
        }

        var weak = start == 0 && value == 1 && length == 1;
        numbers.Add(new Quantity(value, null, percent > 0 ? lexicon.Find("%")?.Senses[0] : null, weak), terms);
        length += start;
        return length + (length < text.Length && percent == 0 ? Continue(text[length..], terms) : 0);
    }

    /// <summary>晚上九点 is 21 o'clock: the half of the day goes into the number when an hour follows.</summary>
    private int HalfOfDay(ReadOnlySpan<char> text, int wordLength, List<Term> terms)
    {
        if (wordLength > 2)
        {
            return 0;
        }

        var word = text[..wordLength];
        var add = word is "晚上" or "下午" or "傍晚" or "夜里" or "夜晚" or "晚间" or "午后" or "晚" ? 12
            : word is "早上" or "上午" or "凌晨" or "清晨" or "早晨" or "中午" or "早间" or "一早" or "早" ? 0 : -1;
        if (add < 0 || (wordLength == 1 && terms.Count > 0 && terms[^1].Text == "最"))
        {
            return 0;
        }

        var rest = text[wordLength..];
        var (hour, length) = rest.Length > 0 ? ChineseNumbers.Read(rest) : (0, 0);
        var hourFollows = rest.Length == 0 || (length > 0 && length < rest.Length && rest[length] is '点' or '时' && hour <= 12);
        if (!hourFollows)
        {
            return 0;
        }

        // With digits to come the next piece tells; without them the word means itself, which Finish sees to.
        _afternoon = rest.Length == 0 ? (add == 0 ? 1 : 13) : 0;
        if (rest.Length > 0)
        {
            numbers.Add(new Quantity(hour < 12 ? hour + add : add, null, lexicon.Find("o'clock")?.Senses[0] ?? lexicon.Find("oclock")?.Senses[0], false), terms);
            return wordLength + length + 1 + (rest.Length > length + 1 && rest[length + 1] == '钟' ? 1 : 0);
        }

        terms.Add(new Term(word.ToString(), ConceptKind.Time, lexicon.Find(word)?.Senses ?? Term.NoSenses, TermTraits.None, IsHan: true));
        return wordLength;
    }

    /// <summary>Multiplier, unit or counting word after a number that has been read.</summary>
    private int Continue(ReadOnlySpan<char> text, List<Term> terms)
    {
        var last = numbers.Quantities[^1];
        if (last.Unit is not null)
        {
            // The minutes are in the time already.
            return last.Unit.Name == "oclock" && text[0] == '分' ? text.StartsWith("分钟") ? 2 : 1 : 0;
        }

        var used = 0;
        // 千米 is a unit, not a thousand of something.
        while (used < text.Length && UnitAt(text[used..]).Length < 2 && ChineseNumbers.Multiplier(text[used]) is var by and > 1 && last.Value < 1_000_000_000_000)
        {
            last = last with { Value = last.Value * by, Text = null, IsWeak = false };
            used++;
        }

        if (used < text.Length)
        {
            var (unit, length) = UnitAt(text[used..]);
            if (unit is { Kind: ConceptKind.Measure })
            {
                used += length;
            }
            else if (unit is null && text[used] == '个')
            {
                // 两个人, though 个人 is a word.
                used++;
            }
            else if (unit is not null)
            {
                last = last with { Unit = unit.Senses[0], Text = null, IsWeak = false };
                used += length;
                if (_afternoon > 0 && unit.Senses[0].Name == "oclock")
                {
                    last = last with { Value = _afternoon == 13 && last.Value < 12 ? last.Value + 12 : last.Value };
                    terms.RemoveAt(terms.Count - 2);
                }
            }
        }

        _afternoon = 0;
        if (used > 0)
        {
            numbers.Change(last, terms);
        }

        return used;
    }
    private (LexiconEntry? Unit, int Length) UnitAt(ReadOnlySpan<char> text)
    {
        for (var length = Math.Min(lexicon.LongestHan(text[0]), text.Length); length > 0; length--)
        {
            if (lexicon.Find(text[..length]) is { } entry)
            {
                return entry.Kind is ConceptKind.Unit or ConceptKind.UnitAfterNumber or ConceptKind.Measure ? (entry, length) : (null, 0);
            }
        }

        return (null, 0);
    }
}

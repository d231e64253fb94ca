using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace LlmGateway.Configuration.Yaml;

/// <summary>
/// Reads one YAML file into values with positions. Aliases are refused, so that what is read is never larger than what is written,
/// and depth is bounded; both keep a hostile file from exhausting the process.
/// </summary>
internal sealed class YamlReader(IParser parser, ConfigFile file, ProblemList problems)
{
    public const int MaxDepth = 32;

    /// <summary>The mapping at the top; null when the text cannot be read, which has been reported.</summary>
    public static YamlMapping? Read(string text, ConfigFile file, ProblemList problems)
    {
        var scanner = new Scanner(new StringReader(text), skipComments: true);
        try
        {
            return new YamlReader(new Parser(scanner), file, problems).ReadDocument();
        }
        catch (YamlException broken)
        {
            return Unreadable(broken.Start, Reason(broken), file, problems);
        }
        catch (Exception broken) when (broken is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // For some broken texts the scanner fails otherwise than by its own exception.
            return Unreadable(scanner.CurrentPosition, "the text breaks its rules", file, problems);
        }
    }

    private static YamlMapping? Unreadable(Mark at, string reason, ConfigFile file, ProblemList problems)
    {
        problems.Unreadable(PositionOf(file, at), SettingPath.Root, $"not readable as YAML, {reason}", "mend the syntax here or just above");
        return null;
    }

    private YamlMapping? ReadDocument()
    {
        parser.Consume<StreamStart>();
        if (parser.TryConsume<StreamEnd>(out _))
        {
            return new YamlMapping([], new Position(file, 1, 1));
        }

        parser.Consume<DocumentStart>();
        var top = ReadValue(0);
        parser.Consume<DocumentEnd>();
        if (parser.TryConsume<DocumentStart>(out var second))
        {
            problems.Error(
                PositionOf(file, second.Start), SettingPath.Root, "a second document begins", "keep one document a file, and include the other");
            return null;
        }

        switch (top)
        {
            case YamlMapping mapping:
                return mapping;
            case YamlScalar { Empty: true }:
                return new YamlMapping([], top.At);
            default:
                problems.Unreadable(top.At, SettingPath.Root, "the file is not a mapping", "write sections such as 'providers:' at the left margin");
                return null;
        }
    }

    private YamlValue ReadValue(int depth)
    {
        if (depth > MaxDepth)
        {
            throw Refused(parser.Current!, $"nested deeper than {MaxDepth} levels");
        }

        switch (parser.Consume<ParsingEvent>())
        {
            case AnchorAlias alias:
                throw Refused(alias, "aliases (*name) are not supported; write the value out");
            case NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } tagged:
                throw Refused(tagged, "tags (!name) are not supported; remove it");
            case Scalar scalar:
                return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, At(scalar));
            case SequenceStart start:
                return ReadSequence(start, depth);
            case MappingStart start:
                return ReadMapping(start, depth);
            case var other:
                throw Refused(other, "a value is missing");
        }
    }

    private YamlSequence ReadSequence(SequenceStart start, int depth)
    {
        var items = new List<YamlValue>();
        while (!parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadValue(depth + 1));
        }

        return new YamlSequence(items, At(start));
    }

    private YamlMapping ReadMapping(MappingStart start, int depth)
    {
        var entries = new List<YamlEntry>();
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            var key = parser.Current!;
            if (ReadValue(depth + 1) is not YamlScalar name)
            {
                throw Refused(key, "a name in front of ':' is a list or a mapping");
            }

            var value = ReadValue(depth + 1);
            if (seen.TryGetValue(name.Text, out var first))
            {
                problems.Error(name.At, SettingPath.Root, $"'{name.Text}' is written twice", $"keep one; the other is in line {first.Line}");
                continue;
            }

            seen.Add(name.Text, name.At);
            entries.Add(new YamlEntry(name.Text, name.At, value));
        }

        return new YamlMapping(entries, At(start));
    }

    private Position At(ParsingEvent read) => PositionOf(file, read.Start);

    private static Position PositionOf(ConfigFile file, Mark mark) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static SyntaxErrorException Refused(ParsingEvent at, string reason) => new(at.Start, at.End, reason);

    // The parser's sentences stand alone; here one becomes part of ours.
    private static string Reason(YamlException broken)
    {
        var reason = (broken.InnerException?.Message ?? broken.Message).TrimEnd('.');
        return reason.Length == 0 ? "unknown reason" : char.ToLowerInvariant(reason[0]) + reason[1..];
    }
}

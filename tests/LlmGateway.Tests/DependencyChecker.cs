using System.Reflection;
using System.Text.RegularExpressions;
using LlmGateway.Gateway;

namespace LlmGateway.Tests;

/// <summary>Reads source text against the dependency table, and says which line breaks which rule.</summary>
internal static partial class DependencyChecker
{
    /// <summary>Types of each folder by name, from the assembly: what a file means by a name that it does not qualify.</summary>
    private static readonly ILookup<string, Type> TypesByFolder = typeof(Exchange).Assembly.GetTypes()
        .Where(type => type.Namespace?.StartsWith("LlmGateway.", StringComparison.Ordinal) is true && !type.Name.Contains('<') && !type.IsNested)
        .ToLookup(type => type.Namespace!.Split('.')[1]);

    private static readonly HashSet<Type> MeetingPoints = Reach(typeof(Exchange));

    public static IEnumerable<string> Check(string folder, string path, string text)
    {
        var code = CommentOrString().Replace(text, Blank);
        var lines = code.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var where = $"{path}:{i + 1}";
            if (Namespace().Match(lines[i]) is { Success: true } declared)
            {
                if (declared.Groups[1].Value != folder)
                {
                    yield return $"{where}: the namespace of a file in {folder} begins with LlmGateway.{folder}";
                }

                continue;
            }

            if (GlobalUsing().IsMatch(lines[i]))
            {
                yield return $"{where}: a global using hides what a file depends on";
            }

            foreach (var (to, name) in Mentions(lines[i]))
            {
                if (Refusal(folder, to, name, code) is { } rule)
                {
                    yield return $"{where}: {folder} names LlmGateway.{to}: {rule}";
                }
            }
        }
    }

    private static string? Refusal(string from, string to, string name, string code)
    {
        if (DependencyTable.Allows(from, to) is not { } allowed)
        {
            return $"{from} is not in the table; add it to the design and to {nameof(DependencyTable)}";
        }

        if (allowed)
        {
            return null;
        }

        if (!DependencyTable.Rooms.Contains(from) || !DependencyTable.Rooms.Contains(to))
        {
            return $"{from} may not use {to}";
        }

        // With a using, every type name of that folder in the file counts; a qualified name is itself one.
        var named = TypesByFolder[to].Where(type => Regex.IsMatch(name.Length > 0 ? name : code, $@"\b{ShortName(type)}\b"));
        var strangers = named.Where(type => !MeetingPoints.Contains(type)).Select(ShortName).ToArray();
        return strangers.Length > 0 ? $"rooms meet only through Exchange, from which {string.Join(", ", strangers)} cannot be reached" : null;
    }

    /// <summary>Folders named in a line: qualified from <c>LlmGateway.</c>, or from the namespace that all folders share.</summary>
    private static IEnumerable<(string Folder, string Name)> Mentions(string line)
    {
        foreach (Match match in Qualified().Matches(line))
        {
            yield return (match.Groups[1].Value, match.Groups[2].Value);
        }

        foreach (Match match in PartlyQualified().Matches(line))
        {
            var folder = match.Groups[1].Value;
            if (TypesByFolder[folder].Any(type => ShortName(type) == match.Groups[2].Value))
            {
                yield return (folder, match.Groups[2].Value);
            }
        }
    }

    private static string ShortName(Type type) => type.Name.Split('`')[0];

    /// <summary>The types of ours that the public members of <paramref name="start"/> give, and those that theirs give.</summary>
    private static HashSet<Type> Reach(Type start)
    {
        var reached = new HashSet<Type>();
        var open = new Stack<Type>([start]);
        while (open.TryPop(out var type))
        {
            if (type.HasElementType)
            {
                open.Push(type.GetElementType()!);
            }

            foreach (var argument in type.GetGenericArguments())
            {
                open.Push(argument);
            }

            if (type.Assembly == start.Assembly && reached.Add(type))
            {
                foreach (var member in type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                {
                    open.Push(member is PropertyInfo property ? property.PropertyType : (member as MethodInfo)?.ReturnType ?? typeof(void));
                }
            }
        }

        return reached;
    }

    // Line breaks stay, so that the lines can be counted.
    private static string Blank(Match match) => NotLineBreak().Replace(match.Value, " ");

    [GeneratedRegex("""//[^\n]*|/\*.*?\*/|"{3,}.*?"{3,}|@\$?"(?:[^"]|"")*"|\$?"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'""", RegexOptions.Singleline)]
    private static partial Regex CommentOrString();

    [GeneratedRegex(@"[^\n]")]
    private static partial Regex NotLineBreak();

    [GeneratedRegex(@"^\s*namespace\s+LlmGateway(?:\.(\w+))?")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*global\s+using\b.*\bLlmGateway\.")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"(?<![\w.])LlmGateway\.(\w+)(?:\.(\w+))?")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])([A-Z]\w*)\.([A-Z]\w*)")]
    private static partial Regex PartlyQualified();
}

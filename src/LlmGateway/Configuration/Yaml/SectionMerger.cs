namespace LlmGateway.Configuration.Yaml;

/// <summary>Puts the sections of several files together. A name may be written in one file only.</summary>
internal sealed class SectionMerger(ProblemList problems)
{
    public YamlMapping Merge(IReadOnlyList<YamlMapping> files, Position start)
    {
        var sections = new Dictionary<string, List<YamlEntry>>(StringComparer.Ordinal);
        foreach (var entry in files.SelectMany(file => file.Entries))
        {
            if (!sections.TryGetValue(entry.Name, out var parts))
            {
                sections.Add(entry.Name, parts = []);
            }

            // Each file has its own list of includes, which has been followed; the first is kept to be shown.
            if (entry.Name != "include" || parts.Count == 0)
            {
                parts.Add(entry);
            }
        }

        return new YamlMapping([.. sections.Values.Select(MergeSection)], start);
    }

    private YamlEntry MergeSection(List<YamlEntry> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        var entries = new Dictionary<string, YamlEntry>(StringComparer.Ordinal);
        foreach (var part in parts)
        {
            if (part.Value is YamlMapping mapping)
            {
                Add(mapping, part.Name, entries);
            }
            else if (part.Value is not YamlScalar { Empty: true })
            {
                problems.Error(part.Value.At, SettingPath.Root.Then(part.Name), "is not a mapping", "write a mapping");
            }
        }

        return new YamlEntry(parts[0].Name, parts[0].At, new YamlMapping([.. entries.Values], parts[0].Value.At));
    }

    private void Add(YamlMapping mapping, string section, Dictionary<string, YamlEntry> entries)
    {
        foreach (var entry in mapping.Entries)
        {
            if (!entries.TryAdd(entry.Name, entry))
            {
                var path = SettingPath.Root.Then(section).Then(entry.Name);
                problems.Error(entry.At, path, "is written in two files", $"keep one; the other is at {entries[entry.Name].At}");
            }
        }
    }
}

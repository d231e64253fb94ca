using System.Collections.Frozen;

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Units of one kind and their ratio: 90 minutes are an hour and a half. Only those that people take for each other in one breath.</summary>
internal static class Scale
{
    private static readonly FrozenDictionary<string, (string Kind, decimal Factor)> Units = new Dictionary<string, (string Kind, decimal Factor)>
    {
        ["second"] = ("time", 1),
        ["minute"] = ("time", 60),
        ["hour"] = ("time", 3_600),
        ["day"] = ("time", 86_400),
        ["week"] = ("time", 604_800),
        ["month"] = ("age", 1),
        ["year"] = ("age", 12),
        ["decade"] = ("age", 120),
        ["millimeter"] = ("length", 1),
        ["centimeter"] = ("length", 10),
        ["meter"] = ("length", 1_000),
        ["kilometer"] = ("length", 1_000_000),
        ["pound"] = ("pound", 1),
        ["pound sterling"] = ("pound", 1),
        ["milligram"] = ("mass", 1),
        ["gram"] = ("mass", 1_000),
        ["kilogram"] = ("mass", 1_000_000),
        ["milliliter"] = ("volume", 1),
        ["liter"] = ("volume", 1_000),
    }.ToFrozenDictionary();

    /// <summary>Whether both amount to the same though in other units.</summary>
    public static bool Equal(in Quantity a, in Quantity b) =>
        a.Unit is not null && b.Unit is not null && !ReferenceEquals(a.Unit, b.Unit) && Units.TryGetValue(a.Unit.Name, out var mine) && Units.TryGetValue(b.Unit.Name, out var theirs)
        && mine.Kind == theirs.Kind && a.Value * mine.Factor == b.Value * theirs.Factor;
}

namespace LlmGateway.Tests;

/// <summary>Which folder of <c>src/LlmGateway</c> may name types of which other: the design's table as data.</summary>
internal static class DependencyTable
{
    /// <summary>References no room.</summary>
    public static readonly string[] Floor = ["Configuration", "Catalog", "Telemetry", "Storage"];

    /// <summary>Rooms on the request path: they meet only through the Exchange, so of one another they may name what can be reached from it.</summary>
    public static readonly string[] Rooms =
        ["Keys", "Limits", "Requests", "Guardrails", "Caching", "Routing", "Health", "Upstream", "Streaming", "Metering", "Ledger"];

    /// <summary>Used by nobody but the composition root.</summary>
    public static readonly string[] Top = ["Admin", "Dashboard"];

    private static readonly Dictionary<string, string[]> Allowed = Build();

    public static IEnumerable<string> Folders => Allowed.Keys;

    /// <summary>Whether any type of <paramref name="to"/> may be named in <paramref name="from"/>; null where <paramref name="from"/> is not in the table.</summary>
    public static bool? Allows(string from, string to) =>
        Allowed.TryGetValue(from, out var allowed) ? from == to || to == "Protocols" || allowed.Contains(to) : null;

    private static Dictionary<string, string[]> Build()
    {
        var table = new Dictionary<string, string[]>
        {
            ["Gateway"] = [.. Rooms, .. Floor],
            ["Reports"] = ["Ledger", .. Floor],
            ["Experiments"] = ["Routing", "Upstream", "Ledger", "Gateway", .. Floor],
        };
        foreach (var folder in Floor)
        {
            table[folder] = Floor;
        }

        foreach (var folder in Rooms)
        {
            table[folder] = ["Gateway", .. Floor];
        }

        foreach (var folder in Top)
        {
            table[folder] = [.. Rooms, .. Floor, "Gateway", "Reports", "Experiments"];
        }

        return table;
    }
}

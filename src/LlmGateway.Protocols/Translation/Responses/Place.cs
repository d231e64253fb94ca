namespace LlmGateway.Protocols.Translation.Responses;

/// <summary>Where in the request something stands; written as a path only when a fault needs it, since most requests have none.</summary>
/// <param name="Root">A member of the body.</param>
/// <param name="Index">Which of its items; -1 for the member itself.</param>
/// <param name="Member">The member inside that.</param>
/// <param name="Part">Which of the items of that; -1 for the member itself.</param>
/// <param name="Leaf">The member inside that, dots included.</param>
internal readonly record struct Place(string Root, int Index = -1, string? Member = null, int Part = -1, string? Leaf = null)
{
    /// <summary>A member of what stands here.</summary>
    public Place At(string name) =>
        Part >= 0 ? this with { Leaf = Join(Leaf, name) }
        : this with { Member = Join(Member, name) };

    /// <summary>An item of what stands here.</summary>
    public Place Item(int index) => Member is null ? this with { Index = index } : this with { Part = index };

    public override string ToString() =>
        string.Concat(Step(Root, Index), Member is null ? "" : "." + Step(Member, Part), Leaf is null ? "" : "." + Leaf);

    private static string Join(string? outer, string name) => outer is null ? name : $"{outer}.{name}";

    private static string Step(string name, int index) => index < 0 ? name : $"{name}[{index}]";
}

namespace LlmGateway.Caching.Semantic.Text;

/// <summary>One meaning, whatever the word; told apart by reference.</summary>
/// <param name="name">Of the group, as the lists have it.</param>
/// <param name="kind">The part that its words play.</param>
/// <param name="axis">Of antonyms: which; 0 where it is on none.</param>
/// <param name="pole">Which end of the axis.</param>
internal sealed class Concept(string name, ConceptKind kind, int axis = 0, int pole = 0)
{
    public string Name { get; } = name;

    public ConceptKind Kind { get; } = kind;

    /// <summary>Whether one is the opposite of the other.</summary>
    public bool Opposes(Concept other) => Axis != 0 && Axis == other.Axis && Pole != other.Pole;

    private int Axis { get; } = axis;

    private int Pole { get; } = pole;

    public override string ToString() => Name;
}

namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>What a request said that the chat dialect cannot, each kind once and in the order of its first appearance.</summary>
internal sealed class DroppedMembers
{
    // They go into a response header.
    private const int Most = 24;

    private readonly List<string> _paths = [];

    public IReadOnlyList<string> Paths => _paths;

    public void Add(JsonPlace place)
    {
        if (_paths.Count >= Most)
            return;
        var path = place.ToPattern();
        if (!_paths.Contains(path))
            _paths.Add(path);
    }

    public void AddIfThere(RequestNode node)
    {
        if (node.Exists)
            Add(node.Place);
    }
}

namespace LlmGateway.Keys;

/// <summary>
/// What keys are hashed with now. It changes at most once in the life of a process: when nodes that share a database agree on a secret,
/// which the first of them brings.
/// </summary>
internal sealed class KeyHashing(KeyHasher hasher)
{
    private volatile KeyHasher _current = hasher;

    public KeyHasher Current
    {
        get => _current;
        set => _current = value;
    }
}

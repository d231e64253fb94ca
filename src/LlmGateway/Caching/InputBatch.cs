using LlmGateway.Caching.Entries;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Caching;

/// <summary>The inputs of one embeddings request: what is kept of them, and what has to be asked for.</summary>
internal sealed class InputBatch
{
    private readonly CacheKey[] _keys;
    private readonly ReadOnlyMemory<byte>[] _vectors;
    private readonly long[] _tokens;
    private readonly List<int> _missing = [];
    private readonly HashSet<CacheKey> _asked = [];
    private CachedAnswer _saved;

    public InputBatch(CacheKey[] keys)
    {
        _keys = keys;
        _vectors = new ReadOnlyMemory<byte>[keys.Length];
        _tokens = new long[keys.Length];
    }

    public int Count => _keys.Length;

    /// <summary>The inputs to ask for: of equal ones the first.</summary>
    public IReadOnlyList<int> Missing => _missing;

    /// <summary>Every input is to be asked for, as the client has sent them.</summary>
    public bool IsWhollyNew => _missing.Count == _keys.Length;

    /// <summary>Some of them are kept.</summary>
    public bool HasFound => Model is not null;

    /// <summary>What those that are kept have cost.</summary>
    public CachedAnswer Saved => _saved;

    /// <summary>Who gave the vectors, as its provider spells it: those of another model do not compare with them. Null while nothing is found.</summary>
    public string? Model { get; private set; }

    /// <summary>When the oldest of them was kept.</summary>
    public DateTimeOffset Oldest { get; private set; } = DateTimeOffset.MaxValue;

    public ReadOnlyMemory<byte> this[int input] => _vectors[input];

    /// <summary>What all inputs count.</summary>
    public long Tokens
    {
        get
        {
            long sum = 0;
            foreach (var tokens in _tokens)
            {
                sum += tokens;
            }

            return sum;
        }
    }

    public CacheKey KeyOf(int input) => _keys[input];

    /// <summary>An input is kept.</summary>
    public void Found(int input, CacheEntry entry)
    {
        Model ??= entry.ModelAnswered;
        if (Model != entry.ModelAnswered)
        {
            Lacks(input);
            return;
        }

        Fill(input, entry.Document, entry.InputTokens);
        Oldest = entry.StoredAt < Oldest ? entry.StoredAt : Oldest;
        var one = CachedAnswers.Of(entry);
        _saved = _saved.Deployment is null ? one : _saved with
        {
            InputTokens = _saved.InputTokens + one.InputTokens,
            Saved = Sum(_saved.Saved, one.Saved),
            SavedTime = one.SavedTime > _saved.SavedTime ? one.SavedTime : _saved.SavedTime,
        };
    }

    /// <summary>An input is not kept.</summary>
    public void Lacks(int input)
    {
        if (_asked.Add(_keys[input]))
        {
            _missing.Add(input);
        }
    }

    /// <summary>The same inputs as if none were kept, each by itself: a provider that is asked for all answers equal ones as often as they are there.</summary>
    public InputBatch Anew()
    {
        var anew = new InputBatch(_keys);
        for (var i = 0; i < _keys.Length; i++)
        {
            anew._missing.Add(i);
        }

        return anew;
    }

    /// <summary>A vector has come, for the input and all that equal it.</summary>
    public void Came(int input, ReadOnlyMemory<byte> vector, long tokens)
    {
        for (var i = input; i < _keys.Length; i++)
        {
            if (_keys[i] == _keys[input])
            {
                Fill(i, vector, tokens);
            }
        }
    }

    private void Fill(int input, ReadOnlyMemory<byte> vector, long tokens) => (_vectors[input], _tokens[input]) = (vector, tokens);

    /// <summary>Amounts of different currencies are not added: what is saved is then not known.</summary>
    private static Money? Sum(Money? a, Money? b) =>
        a is { } left && b is { } right && left.Currency == right.Currency ? left with { Amount = left.Amount + right.Amount } : null;
}

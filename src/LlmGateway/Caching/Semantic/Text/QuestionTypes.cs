namespace LlmGateway.Caching.Semantic.Text;

/// <summary>What kind of answer is asked for.</summary>
[Flags]
internal enum QuestionTypes : ushort
{
    /// <summary>A thing, a text, a definition: what every request is that says no more.</summary>
    None = 0,

    Who = 1,
    When = 2,
    Where = 4,
    Why = 8,
    How = 16,
    Amount = 32,
    Duration = 64,
    Whether = 128,

    /// <summary>Asked for with a word, where <see cref="None"/> leaves it open.</summary>
    What = 256,

    /// <summary>"Help me": how to, or do it for me.</summary>
    Help = 512,

    /// <summary>"Name the president": who, where or when is for the object to say.</summary>
    Name = 1024,
}

namespace LlmGateway.Requests;

/// <summary>What decides whether the answer to a request may be kept, and served again.</summary>
internal readonly record struct CacheabilityFacts
{
    /// <summary>The <c>temperature</c> that the client set; null where it left that to the provider.</summary>
    public double? Temperature { get; init; }

    /// <summary>Tools or functions are offered, or a message calls one or brings what it gave.</summary>
    public bool HasTools { get; init; }

    /// <summary>There is an image, audio, a file, or a content part that is not text.</summary>
    public bool HasMedia { get; init; }

    /// <summary>The provider is asked to keep the answer (<c>store</c>): the client means to refer to it there.</summary>
    public bool Stored { get; init; }

    /// <summary>A <c>seed</c> is set.</summary>
    public bool HasSeed { get; init; }

    /// <summary>The answer depends on what the provider remembers (<c>previous_response_id</c>, <c>conversation</c>, …).</summary>
    public bool DependsOnState { get; init; }

    /// <summary>The answer depends on the day: the provider is asked to search (<c>web_search_options</c>, <c>enable_search</c>, …).</summary>
    public bool DependsOnSearch { get; init; }

    /// <summary>How many answers come back.</summary>
    public int Choices { get; init; }

    /// <summary>How many messages there are; 0 for what is no chat.</summary>
    public int Messages { get; init; }

    /// <summary>How many of them are of the user.</summary>
    public int UserTurns { get; init; }

    /// <summary>The last message is the user's, and is nothing but text.</summary>
    public bool EndsWithUserText { get; init; }

    /// <summary>The text of the last user turn in the body: a JSON string without its quotes; empty where that turn is not just text.</summary>
    public BodyRange LastUserTurn { get; init; }
}

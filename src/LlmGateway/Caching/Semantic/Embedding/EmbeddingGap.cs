namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Why there is no vector. Whatever it is, the request goes on as if nothing had been found.</summary>
internal enum EmbeddingGap
{
    None,

    /// <summary>The text has nothing to go by.</summary>
    Empty,

    /// <summary>The text is longer than the embedder takes.</summary>
    TooLong,

    /// <summary>There was no answer in time.</summary>
    Late,

    /// <summary>The embedder failed too often lately, and is left alone for a while.</summary>
    Resting,

    /// <summary>The call failed.</summary>
    Failed,

    /// <summary>The call was not made, or refused, for a reason that has to do with who pays or with the text: others may fare better.</summary>
    Refused,

    /// <summary>The tenant does not consent to its texts being sent to deployments.</summary>
    NoConsent,

    /// <summary>There were fewer vectors than texts, or more.</summary>
    WrongCount,

    /// <summary>The vector has other dimensions than were asked for.</summary>
    WrongLength,

    /// <summary>The vector holds infinities, or what is not a number.</summary>
    NotFinite,

    /// <summary>The vector is zero: it has no direction.</summary>
    Zero,

    /// <summary>The caller has gone.</summary>
    Cancelled,

    /// <summary>Nobody knows yet whether the embedder is fit: see <see cref="EmbedderProbe"/>.</summary>
    Unproven,

    /// <summary>The embedder is not fit: see <see cref="EmbedderProbe"/>.</summary>
    Unfit,
}

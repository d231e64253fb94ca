namespace LlmGateway.Caching.Semantic.Text;

/// <summary>Why a prompt is not considered for answers of similar ones. Each is a label of a metric.</summary>
internal enum ExclusionReason
{
    /// <summary>It may be considered.</summary>
    None,

    /// <summary>Nothing but whitespace and marks.</summary>
    NoText,

    /// <summary>Too little to be judged.</summary>
    TooShort,

    /// <summary>So long that a detail would drown.</summary>
    TooLong,

    /// <summary>Asks about now: today, latest, 今天.</summary>
    TimeSensitive,

    /// <summary>Asks about the asker's own affairs: my order, 我的账户.</summary>
    Personal,

    /// <summary>Holds an e-mail address, phone, card or identity number, or an IP address.</summary>
    PersonalData,

    /// <summary>Code, a diff or a stack trace to work on.</summary>
    Code,
}

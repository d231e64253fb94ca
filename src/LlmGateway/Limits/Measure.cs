namespace LlmGateway.Limits;

/// <summary>What an account counts.</summary>
internal enum Measure
{
    Requests,
    InputTokens,
    OutputTokens,

    /// <summary>Input and output.</summary>
    Tokens,

    /// <summary>Requests in flight.</summary>
    Concurrent,

    /// <summary>Nanos, 1e-9 of a unit of the budget's currency.</summary>
    Money,
}

/// <summary>How long what an account has taken counts.</summary>
internal enum AccountKind
{
    /// <summary>For a time from when it was taken on: any minute, any day.</summary>
    Window,

    /// <summary>Until the end of a period of the calendar.</summary>
    Period,

    /// <summary>Until it is given back.</summary>
    Slots,
}

/// <summary>Whose an account is.</summary>
internal enum AccountLevel
{
    Tenant,
    Project,
    Key,
}

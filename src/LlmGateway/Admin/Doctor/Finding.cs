namespace LlmGateway.Admin.Doctor;

/// <summary>How bad a finding is.</summary>
internal enum FindingLevel
{
    Ok,

    /// <summary>It works, and somebody should know.</summary>
    Warning,

    /// <summary>It does not work, or soon will not.</summary>
    Failure,
}

/// <summary>What one look of the doctor found.</summary>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="What">What was found.</param>
/// <param name="Remedy">What to do; null where nothing is to be done.</param>
internal sealed record Finding(FindingLevel Level, string Subject, string What, string? Remedy = null)
{
    public static Finding Ok(string subject, string what) => new(FindingLevel.Ok, subject, what);

    public static Finding Warning(string subject, string what, string remedy) => new(FindingLevel.Warning, subject, what, remedy);

    public static Finding Failure(string subject, string what, string remedy) => new(FindingLevel.Failure, subject, what, remedy);
}

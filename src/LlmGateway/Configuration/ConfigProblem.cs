namespace LlmGateway.Configuration;

/// <summary>Whether the configuration can be used in spite of a problem.</summary>
internal enum Severity
{
    /// <summary>The configuration is used, but something in it does not do what it seems to.</summary>
    Warning,

    /// <summary>The configuration is refused.</summary>
    Error,
}

/// <summary>Something in the configuration that a person has to look at. Never holds a secret.</summary>
/// <param name="File">Relative to the parent of the configuration folder: <c>config/routes.yaml</c>.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Setting">Its path (<c>routes.chat.policy</c>); empty where the text itself cannot be read.</param>
/// <param name="What">What is wrong.</param>
/// <param name="Remedy">What to do.</param>
internal sealed record ConfigProblem(string File, int Line, int Column, string Setting, string What, string Remedy, Severity Severity)
{
    public bool IsError => Severity == Severity.Error;

    /// <summary><c>file:line:column: what: what to do</c>, as compilers print it and editors understand it.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(IsError ? "" : "warning: ")}{(Setting.Length == 0 ? "" : Setting + ": ")}{What}: {Remedy}";
}

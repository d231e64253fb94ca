namespace LlmGateway.Simulator.Faults;

/// <summary>What goes wrong with one request. Every member is off by default; <see cref="FaultGrammar"/> lists the names and says what each does.</summary>
internal sealed class FaultPlan
{
    public int? Status { get; set; }

    public FaultBody? Body { get; set; }

    public string? Code { get; set; }

    public string? Type { get; set; }

    public string? Message { get; set; }

    public TimeSpan? RetryAfter { get; set; }

    public TimeSpan HeadersDelay { get; set; }

    public TimeSpan? FirstDelay { get; set; }

    public TimeSpan? Pace { get; set; }

    public TimeSpan? KeepAlive { get; set; }

    public int? StallAfter { get; set; }

    public int? CutAfter { get; set; }

    public int? MalformedAt { get; set; }

    public int? ErrorAfter { get; set; }

    public int? BytesPerSecond { get; set; }

    public int? Split { get; set; }

    public int? Tokens { get; set; }

    public string? FinishReason { get; set; }

    public bool NoDone { get; set; }

    public bool Reset { get; set; }

    public bool Hang { get; set; }

    public bool Error200 { get; set; }

    public bool Crlf { get; set; }

    public bool NoUsage { get; set; }

    public bool UsageInFinish { get; set; }

    public bool Kimi { get; set; }

    public bool EmptyFirst { get; set; }

    /// <summary>The request is refused whole, before anything is read from it.</summary>
    public bool Refuses => Status is not null || Body is not null || Error200;
}

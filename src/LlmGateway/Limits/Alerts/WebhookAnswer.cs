namespace LlmGateway.Limits.Alerts;

/// <summary>What came of one attempt to tell a webhook.</summary>
/// <param name="Status">Null where there was no answer.</param>
/// <param name="Error">Why there was none, in a word.</param>
/// <param name="RetryAfter">How long the receiver wants to be left alone.</param>
internal readonly record struct WebhookAnswer(int? Status, string? Error, TimeSpan? RetryAfter)
{
    private const int GoneStatus = 410;

    public bool Delivered => Status is >= 200 and < 300;

    public bool Gone => Status is GoneStatus;

    public override string ToString() => Error ?? $"status {Status}";
}

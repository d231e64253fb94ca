namespace LlmGateway.Reports.Focus;

/// <summary>The UTC day of a charge, and the month that it is billed in.</summary>
internal sealed record FocusPeriod(DateTimeOffset Start)
{
    public DateTimeOffset End => Start.AddDays(1);

    public DateTimeOffset BillingStart { get; } = new(Start.Year, Start.Month, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset BillingEnd => BillingStart.AddMonths(1);
}

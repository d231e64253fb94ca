using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>A rate that a report has converted by.</summary>
/// <param name="From">Of this currency.</param>
/// <param name="To">To this one.</param>
/// <param name="Rate">What one unit is.</param>
/// <param name="Since">The day since which it is in force; null for always.</param>
internal sealed record RateUse(Currency From, Currency To, decimal Rate, DateTimeOffset? Since);

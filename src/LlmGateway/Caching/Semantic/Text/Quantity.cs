namespace LlmGateway.Caching.Semantic.Text;

/// <summary>A number of the text.</summary>
/// <param name="Value">What it amounts to.</param>
/// <param name="Text">Its digits where zeros at their end may matter: version 3.10 is not version 3.1. Null where they cannot.</param>
/// <param name="Unit">Of measure, money or clock; null for none.</param>
/// <param name="IsWeak">A one that may be no more than an article: <c>one</c>, 一个.</param>
internal readonly record struct Quantity(decimal Value, string? Text, Concept? Unit, bool IsWeak);

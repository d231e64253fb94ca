namespace LlmGateway.Catalog;

/// <summary>An ISO 4217 code in capitals (<c>USD</c>, <c>CNY</c>).</summary>
internal readonly record struct Currency(string Code)
{
    public static readonly Currency Usd = new("USD");

    public override string ToString() => Code;
}

/// <summary>An exact amount of one currency. Amounts of different currencies are never added.</summary>
internal readonly record struct Money(decimal Amount, Currency Currency)
{
    /// <summary>Decimal places kept by the ledger and shown to people: 1e-9 of the currency's unit.</summary>
    public const int Decimals = 9;

    /// <summary>Rounds once, half to even, to <see cref="Decimals"/>. Call it on a finished sum, never on its parts.</summary>
    public Money Round() => this with { Amount = decimal.Round(Amount, Decimals, MidpointRounding.ToEven) };

    /// <summary>The amount with exactly nine decimals, as the admin API and the ledger write it.</summary>
    public string AmountText => Amount.ToString("F9", System.Globalization.CultureInfo.InvariantCulture);

    public override string ToString() => $"{AmountText} {Currency}";
}

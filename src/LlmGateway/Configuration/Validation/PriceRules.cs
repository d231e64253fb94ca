using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;

namespace LlmGateway.Configuration.Validation;

internal sealed class PriceRules(GatewayConfig config, ReadContext context)
{
    public void Check()
    {
        foreach (var (name, entries) in config.Prices)
        {
            var path = ConfigValidator.Section("prices").Then(name);
            var dates = new Dictionary<DateTimeOffset, int>();
            for (var i = 0; i < entries.Count; i++)
            {
                CheckEntry(entries[i], path.At(i), dates, i);
            }
        }

        CheckRates();
    }

    private void CheckEntry(PriceConfig entry, SettingPath path, Dictionary<DateTimeOffset, int> dates, int index)
    {
        var from = path.Then("from");
        if (entry.From != default && !dates.TryAdd(entry.From, index))
        {
            context.Error(
                from, $"two entries begin on {Instants.Format(entry.From)}", $"keep one; the other is number {dates[entry.From] + 1} of the list");
        }

        foreach (var unit in entry.Units.Where(unit => unit.Value < 0))
        {
            context.Error(path.Then("units").Then(unit.Key), $"'{unit.Value}' is out of range", "write at least 0");
        }

        for (var i = 0; i < entry.Tiers.Count; i++)
        {
            if (entry.Tiers[i].InputUpTo is { } upTo && upTo <= entry.Tiers[i].InputOver)
            {
                context.Error(
                    path.Then("tiers").At(i).Then("input_up_to"), "no length is over input_over and up to this", "write more than input_over");
            }
        }
    }

    private void CheckRates()
    {
        var path = ConfigValidator.Section("currency").Then("rates");
        foreach (var (currency, rates) in config.Currency.Rates)
        {
            foreach (var (from, rate) in rates.Where(rate => rate.Value <= 0))
            {
                // The date may have been written as an instant, so the currency is named where the date as shown is not found.
                var at = path.Then(currency.Code).Then(Instants.Format(from));
                context.Error(context.IsWritten(at) ? at : path.Then(currency.Code), $"'{rate}' is out of range", "write more than 0");
            }
        }
    }
}

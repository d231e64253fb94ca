using LlmGateway.Gateway;

namespace LlmGateway.Keys;

/// <summary>Who is it? Sets <see cref="Exchange.Key"/>, or answers 401. Looks in memory only, so no dependency can keep callers out.</summary>
internal sealed class KeyRoom(KeyDirectory directory, KeyMetrics metrics) : IRoom
{
    public string Name => "key";

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        var presented = PresentedKey.Read(exchange.Http.Request.Headers);
        var check = presented switch
        {
            { Problem: not null } => new KeyCheck(KeyVerdict.Malformed, null),
            { Text.Length: 0 } => new KeyCheck(KeyVerdict.Missing, null),
            _ => directory.Check(presented.Text, exchange.StartedAt),
        };
        metrics.Checked(check.Verdict);
        if (check.Verdict != KeyVerdict.Valid)
        {
            return new(KeyErrors.Of(check.Verdict, check.Key, presented.Text, presented.Problem));
        }

        exchange.Key = check.Key;
        return default;
    }
}

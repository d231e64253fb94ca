using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>Turns away at the door who is known to have used up requests or slots, before a body is read. It takes nothing.</summary>
internal sealed class AdmissionRoom(AccountDirectory accounts, IReservationEngine engine, LimitMetrics metrics, TimeProvider time) : IRoom
{
    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        foreach (var account in accounts.Of(exchange.Snapshot, exchange.Key!, route: null).AtTheDoor)
        {
            if (engine.KnownFull(account, 1) is { } refusal)
            {
                metrics.Refused(account);
                return new(LimitErrors.Of(refusal, new ReservationLine { Account = account, Held = 1, Used = account.Limit }, time.GetUtcNow()));
            }
        }

        return default;
    }
}

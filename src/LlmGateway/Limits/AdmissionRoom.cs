using LlmGateway.Gateway;

namespace LlmGateway.Limits;

/// <summary>Turns away at the door who is known to have used up requests or slots, before a body is read. It takes nothing.</summary>
internal sealed class AdmissionRoom(AccountDirectory accounts, IReservationEngine engine, LimitMetrics metrics, TimeProvider time) : IRoom
{
    public string Name => "limits";

    public ValueTask<GatewayError?> EnterAsync(Exchange exchange)
    {
        ReservationRefusal? refusal = null;
        Account? full = null;
        foreach (var account in accounts.Of(exchange.Snapshot, exchange.Key!, route: null).AtTheDoor)
        {
            // Of several the one that takes longest: who waits for it gets in.
            if (engine.KnownFull(account, 1) is { } found && (refusal is null || found.RetryAfter > (refusal.RetryAfter ?? TimeSpan.Zero)))
            {
                (refusal, full) = (found, account);
            }
        }

        return full is null ? default : new(Refuse(exchange, full, refusal!));
    }

    private GatewayError Refuse(Exchange exchange, Account account, ReservationRefusal refusal)
    {
        metrics.Refused(account);
        ReservationLine[] lines = [new() { Account = account, Held = 1, Used = account.Limit, Reset = refusal.RetryAfter ?? TimeSpan.Zero }];
        exchange.Rates = RateHeaders.Of(lines);
        return LimitErrors.Of(refusal, lines[0], time.GetUtcNow());
    }
}

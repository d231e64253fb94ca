namespace LlmGateway.Simulator.Serving;

/// <summary>Waits for the first token, with signs of life in between where the fault asks for them.</summary>
internal static class KeepAlive
{
    public static async ValueTask WaitAsync(Call call, TimeSpan delay, byte[] sign)
    {
        if (call.Plan?.KeepAlive is not { } interval)
        {
            await call.DelayAsync(delay);
            return;
        }

        delay = delay > interval ? delay : interval;
        while (delay > TimeSpan.Zero)
        {
            TimeSpan wait = delay < interval ? delay : interval;
            await call.DelayAsync(wait);
            delay -= wait;
            await FaultyPipe.WriteAsync(call, sign);
        }
    }
}

namespace LlmGateway.Metering;

/// <summary>Event ids 4100 to 4199.</summary>
internal static partial class MeteringLog
{
    [LoggerMessage(4100, LogLevel.Error, "Usage of an attempt at {Deployment} could not be counted; it is estimated from sizes instead.")]
    public static partial void CountingFailed(this ILogger logger, string deployment, Exception error);

    [LoggerMessage(4101, LogLevel.Warning, "An attempt at {Deployment} is unpriced: the price {PriceRef} lacks a usable rate for {Gap}.")]
    public static partial void RateMissing(this ILogger logger, string deployment, string priceRef, CostGap gap);
}

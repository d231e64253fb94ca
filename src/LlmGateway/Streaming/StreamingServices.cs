using LlmGateway.Gateway;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LlmGateway.Streaming;

/// <summary>Registers the gate between a provider's answer and the client.</summary>
internal static class StreamingServices
{
    public static IServiceCollection AddStreaming(this IServiceCollection services)
    {
        services.TryAddSingleton<StreamingMetrics>();
        services.TryAddSingleton<IAnswerGate, FirstEventGate>();
        return services;
    }
}

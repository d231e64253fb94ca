using System.Reflection;
using LlmGateway.Configuration;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LlmGateway.Telemetry.Tracing;

/// <summary>Sends spans by OTLP, where the configuration says whereto.</summary>
internal static class TracingServices
{
    private const string Path = "v1/traces";

    public static IServiceCollection AddTracing(this IServiceCollection services, TracingSettings? settings)
    {
        if (settings is not null)
        {
            services.AddSingleton<SpanSource>();
            services.AddSingleton(provider => Build(settings, provider.GetRequiredService<SpanSource>()));
        }

        return services;
    }

    private static TracerProvider Build(TracingSettings settings, SpanSource source) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(
            "llmgateway", serviceVersion: Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion, serviceInstanceId: Environment.MachineName))
        .SetSampler(new HeadSampler(settings.Sample))
        .AddSource(source.Name)
        .AddOtlpExporter(otlp =>
        {
            otlp.Protocol = settings.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;

            // The exporter adds the path only where it has found the address itself.
            otlp.Endpoint = settings.Grpc ? settings.Endpoint : new Uri(settings.Endpoint.AbsoluteUri.TrimEnd('/') is var address && address.EndsWith(Path, StringComparison.Ordinal) ? address : $"{address}/{Path}");
            otlp.Headers = settings.Headers?.Reveal();
        })
        .Build();
}

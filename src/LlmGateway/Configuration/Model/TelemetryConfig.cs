using LlmGateway.Configuration.Settings;

namespace LlmGateway.Configuration.Model;

/// <summary>Where traces go.</summary>
internal sealed record TelemetryConfig
{
    [Setting("Where traces are sent by OTLP, such as http://127.0.0.1:4317. Left out: none are made. Takes effect at the next start.")]
    public string? Otlp { get; init; }

    [Setting("How OTLP is spoken: grpc (port 4317) or http (port 4318; the path v1/traces is added). Takes effect at the next start.")]
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.Grpc;

    [Setting("Headers of the receiver as name=value, separated by commas, as ${env:NAME} or ${file:path}. Takes effect at the next start.")]
    public SecretSetting? Headers { get; init; }

    [Setting("Share of the requests whose trace is kept, 0 to 1, where the caller's traceparent does not say. Failed and slow ones are always kept. Takes effect at the next start.", Min = "0", Max = "1")]
    public double Sample { get; init; } = 0.01;

    [Setting("A request that takes longer is kept. Takes effect at the next start.", Min = "1ms")]
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>How OTLP is spoken.</summary>
internal enum OtlpProtocol
{
    Grpc,
    Http,
}

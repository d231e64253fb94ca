using System.Net;
using System.Runtime.CompilerServices;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using Yarp.ReverseProxy.Forwarder;

namespace LlmGateway.Upstream;

/// <summary>Where the simulator in process listens, once it does.</summary>
internal sealed class BuiltinProvider
{
    public Uri? BaseAddress { get; set; }
}

/// <summary>What every attempt at a deployment needs and no attempt changes.</summary>
internal sealed class DeploymentTarget
{
    /// <summary>Snapshots come and go; what was worked out for a deployment goes with it.</summary>
    private static readonly ConditionalWeakTable<Deployment, DeploymentTarget> Known = [];

    private readonly Uri[] _endpoints;

    private DeploymentTarget(Deployment deployment, Uri baseAddress)
    {
        var root = baseAddress.AbsoluteUri.TrimEnd('/');
        _endpoints = [new Uri(root + "/chat/completions"), new Uri(root + "/completions"), new Uri(root + "/embeddings")];
        BaseAddress = root;

        // DeepSeek has prefix completion under /beta only, in the place of the optional /v1.
        ForPrefix = deployment.Provider.Profile == "deepseek" && !root.EndsWith("/beta", StringComparison.Ordinal)
            ? new Uri((root.EndsWith("/v1", StringComparison.Ordinal) ? root[..^3] : root) + "/beta/chat/completions")
            : _endpoints[(int)EndpointKind.ChatCompletions];
        Forwarding = new ForwarderRequestConfig
        {
            // Our own clock keeps the limits; YARP's must only never come first.
            ActivityTimeout = deployment.Timeouts.Total + TimeSpan.FromMinutes(1),
            Version = baseAddress.Scheme == Uri.UriSchemeHttps ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
    }

    public string BaseAddress { get; }

    public ForwarderRequestConfig Forwarding { get; }

    public Uri For(EndpointKind endpoint) => _endpoints[(int)endpoint];

    /// <summary>Where a chat goes that is to go on from a prefix.</summary>
    public Uri ForPrefix { get; }

    public static DeploymentTarget Of(Deployment deployment, BuiltinProvider builtin)
    {
        if (Known.TryGetValue(deployment, out var target))
        {
            return target;
        }

        var address = deployment.Provider.BaseUrl ?? builtin.BaseAddress
            ?? throw new InvalidOperationException($"Provider {deployment.Provider.Name} is the simulator in process, and that has not been started.");
        return Known.GetValue(deployment, _ => new DeploymentTarget(deployment, address));
    }
}

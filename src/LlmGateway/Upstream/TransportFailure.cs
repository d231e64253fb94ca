using System.Globalization;
using System.Net.Sockets;
using LlmGateway.Catalog;
using LlmGateway.Protocols.Errors;

namespace LlmGateway.Upstream;

/// <summary>A failure without an answer, in words that name no address and no secret.</summary>
internal static class TransportFailure
{
    /// <summary>The certificate is not good, or the other side speaks no TLS.</summary>
    public const string NoTls = "no TLS connection could be made";

    public static string Describe(AttemptLimit limit, Timeouts limits) => limit switch
    {
        AttemptLimit.FirstEvent => $"no answer within {Seconds(limits.FirstEvent)} (timeouts.first_event)",
        AttemptLimit.Deadline => "no answer before the time of the whole request was up (failover.deadline of the route)",
        AttemptLimit.Idle => $"nothing more came for {Seconds(limits.Idle)} (timeouts.idle)",
        _ => $"not finished within {Seconds(limits.Total)} (timeouts.total)",
    };

    public static (ErrorClass Class, string Detail) Classify(Exception? exception, Timeouts limits)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case TimeoutException:
                    return (ErrorClass.Timeout, $"no connection within {Seconds(limits.Connect)} (timeouts.connect)");
                case HttpRequestException { HttpRequestError: not HttpRequestError.Unknown and not HttpRequestError.ConnectionError } http:
                    return (ErrorClass.BadGateway, Words(http.HttpRequestError));
                case HttpIOException { HttpRequestError: not HttpRequestError.Unknown } io:
                    return (ErrorClass.BadGateway, Words(io.HttpRequestError));
                case SocketException socket:
                    return (ErrorClass.BadGateway, Words(socket.SocketErrorCode));
            }
        }

        return (ErrorClass.BadGateway, "the connection broke");
    }

    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "its host name does not resolve",
        HttpRequestError.SecureConnectionError => NoTls,
        HttpRequestError.ResponseEnded => "it closed the connection in the middle",
        HttpRequestError.InvalidResponse => "its answer is not HTTP",
        _ => "the connection broke",
    };

    private static string Words(SocketError error) => error switch
    {
        SocketError.ConnectionRefused => "the connection was refused",
        SocketError.ConnectionReset => "it reset the connection",
        SocketError.HostNotFound => "its host name does not resolve",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => "its host cannot be reached",
        _ => "the connection broke",
    };

    private static string Seconds(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{limit.TotalSeconds:0.###} s");
}

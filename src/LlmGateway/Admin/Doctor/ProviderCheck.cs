using System.Net;
using System.Net.Http.Headers;
using LlmGateway.Catalog;
using LlmGateway.Configuration;

namespace LlmGateway.Admin.Doctor;

/// <summary>Credentials of providers: whether they are there, and, where that is asked for, whether they work. The call asks for the list of models, which costs nothing.</summary>
internal static class ProviderCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> LookAsync(Snapshot snapshot, bool call, CancellationToken cancellation)
    {
        var used = snapshot.Routes.Values.SelectMany(static route => route.Targets).Select(static target => target.Deployment.Provider).DistinctBy(static provider => provider.Name)
            .OrderBy(static provider => provider.Name, StringComparer.Ordinal).ToList();
        var findings = new List<Finding>();
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Patience };
        foreach (var provider in used)
        {
            var subject = $"provider {provider.Name}";
            if (provider is { NeedsCredential: true, Credentials.Count: 0 })
            {
                findings.Add(Finding.Warning(subject, "it has no credential: the variable or file that it names is not set", "set it, or take its deployments out of the routes"));
            }
            else if (provider.BaseUrl is null)
            {
                findings.Add(Finding.Ok(subject, "the simulator, in process"));
            }
            else if (!call)
            {
                findings.Add(Finding.Ok(subject, $"{provider.Credentials.Count} credentials, not tried (--call tries them)"));
            }
            else
            {
                foreach (var credential in provider.Credentials.Cast<Credential?>().DefaultIfEmpty())
                {
                    findings.Add(await CallAsync(client, provider, credential, credential is null ? subject : $"{subject}, {credential.Name}", cancellation));
                }
            }
        }

        return findings;
    }

    private static async Task<Finding> CallAsync(HttpClient client, Provider provider, Credential? credential, string subject, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(provider.BaseUrl!.AbsoluteUri.TrimEnd('/') + "/models"));
        if (credential is not null && provider.Profile == "azure")
        {
            request.Headers.TryAddWithoutValidation("api-key", credential.Key.Reveal());
        }
        else if (credential is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", credential.Key.Reveal());
        }

        try
        {
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            return Judge(subject, answer.StatusCode);
        }
        catch (HttpRequestException error)
        {
            return Finding.Failure(subject, error.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "its host name does not resolve",
                HttpRequestError.SecureConnectionError => "no TLS connection could be made: its certificate is not good, or something between reads along",
                _ => "it cannot be reached",
            }, "check base_url, the network and the certificate");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Failure(subject, $"no answer within {Patience.TotalSeconds:0} s", "check the network and the vendor's status page");
        }
    }

    private static Finding Judge(string subject, HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => Finding.Ok(subject, "its credential is accepted"),
        401 or 403 => Finding.Failure(subject, $"its credential is refused ({(int)status})", "renew the key at the vendor"),
        402 or 429 => Finding.Warning(subject, $"it answers {(int)status}: the account is out of money, or asks too often", "look at the account at the vendor"),
        404 or 405 => Finding.Ok(subject, "it answers, and has no list of models to try a credential by"),
        >= 500 => Finding.Failure(subject, $"it fails ({(int)status})", "see the vendor's status page"),
        _ => Finding.Warning(subject, $"it answers {(int)status}", "check base_url: it ends in /v1 at most vendors"),
    };
}

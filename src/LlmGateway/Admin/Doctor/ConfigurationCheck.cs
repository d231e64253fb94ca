using LlmGateway.Configuration;

namespace LlmGateway.Admin.Doctor;

/// <summary>The configuration: what <c>check</c> says, and what is legal and still worth knowing.</summary>
internal static class ConfigurationCheck
{
    private const int MostProblems = 20;

    public static IEnumerable<Finding> Problems(ConfigResult loaded)
    {
        foreach (var problem in loaded.Problems.Take(MostProblems))
        {
            var what = $"{problem.File}:{problem.Line}:{problem.Column}: {problem.Setting}: {problem.What}";
            yield return problem.IsError ? Finding.Failure("configuration", what, problem.Remedy) : Finding.Warning("configuration", what, problem.Remedy);
        }

        if (loaded.Snapshot is { } snapshot && !loaded.Problems.Any(static problem => problem.IsError))
        {
            yield return Finding.Ok("configuration", $"{loaded.Files.Count} files, {snapshot.Routes.Count} routes, {snapshot.Deployments.Count} deployments, {snapshot.Keys.Count} keys");
        }
    }

    public static IEnumerable<Finding> Habits(Snapshot snapshot, DateTimeOffset now)
    {
        foreach (var route in snapshot.Routes.Values.OrderBy(static route => route.Name, StringComparer.Ordinal))
        {
            if (route.Targets.All(static target => target.Deployment.Unusable is not null))
            {
                yield return Finding.Failure(
                    $"route {route.Name}", $"none of its deployments can be called: {route.Targets[0].Deployment.Unusable}", "set the credential, or put another deployment into the route");
            }
            else if (route.Targets.Count == 1)
            {
                yield return Finding.Warning($"route {route.Name}", "it has one deployment: when that is down, so is the route", "add a deployment of another provider");
            }
        }

        var unpriced = snapshot.Routes.Values.SelectMany(static route => route.Targets).Select(static target => target.Deployment).Distinct()
            .Where(deployment => snapshot.Prices.InForce(deployment.PriceName, now) is null).Select(static deployment => deployment.Name).Order(StringComparer.Ordinal).ToArray();
        if (unpriced.Length > 0)
        {
            yield return Finding.Warning("prices", $"no price is in force for {string.Join(", ", unpriced)}", "add it under prices: their cost is unknown, and budgets refuse them");
        }

        if (snapshot.Keys.Any(static key => key.Demo))
        {
            yield return Finding.Warning("keys", "a demo key is configured, which everybody knows", "remove the tenant demo before others can reach the gateway");
        }
    }
}

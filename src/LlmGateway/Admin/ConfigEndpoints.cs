using System.Text;
using System.Text.Json.Nodes;
using LlmGateway.Configuration;
using LlmGateway.Configuration.Model;
using LlmGateway.Configuration.Settings;
using LlmGateway.Configuration.Yaml;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Admin;

/// <summary><c>GET config</c> and <c>POST config/check</c> of the admin API.</summary>
internal static class ConfigEndpoints
{
    /// <param name="admin">The group <c>/admin/v1</c>, which asks for the admin key.</param>
    public static void MapConfigEndpoints(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/config", (ConfigurationReloader reloader, GatewayPaths paths) => Results.Json(Describe(reloader.State, paths)));
        admin.MapPost("/config/check", CheckAsync);
    }

    /// <summary>The configuration in force, without secrets, and what became of the last reload.</summary>
    public static JsonObject Describe(ConfigState state, GatewayPaths paths)
    {
        var (inForce, last, snapshot) = state;
        var folder = Path.GetDirectoryName(Path.GetDirectoryName(paths.ConfigFile)) ?? Path.GetDirectoryName(paths.ConfigFile)!;
        return new JsonObject
        {
            ["version"] = snapshot.Version,
            ["loaded_at"] = snapshot.LoadedAt.UtcDateTime,
            ["files"] = new JsonArray([.. inForce.Files.Select(file => Describe(file.Key, file.Value, folder))]),
            ["last_reload"] = new JsonObject
            {
                ["result"] = ConfigurationMetrics.Label(last.Result),
                ["at"] = last.At.UtcDateTime,
                ["problems"] = Describe(last.Problems),
            },
            ["effective"] = RecordType<GatewayConfig>.Instance.Show(inForce.Config!),
        };
    }

    private static JsonObject Describe(string fullPath, FileMark mark, string folder)
    {
        var file = new JsonObject { ["file"] = Path.GetRelativePath(folder, fullPath).Replace('\\', '/') };
        if (mark.Secret)
        {
            file["secret"] = true;
        }
        else
        {
            file["sha256"] = mark.Sha256;
        }

        return file;
    }

    private static async Task<IResult> CheckAsync(HttpContext http, ConfigurationReloader reloader)
    {
        // A configuration may be larger than what else is sent to the admin API; it is bounded while it is read.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        var body = await ReadBodyAsync(http.Request.Body, http.RequestAborted);
        if (body is null)
        {
            var message = $"The configuration is larger than {FileLog.MaxBytes / 1024 / 1024} MB: send gateway.yaml alone.";
            return Results.Json(Error(message), statusCode: StatusCodes.Status413PayloadTooLarge);
        }

        var loaded = reloader.Check(body.Length == 0 ? null : Encoding.UTF8.GetString(body));
        return Results.Json(new JsonObject
        {
            ["valid"] = loaded.Snapshot is not null,
            ["problems"] = Describe(loaded.Problems),
        });
    }

    private static async Task<byte[]?> ReadBodyAsync(Stream body, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await body.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            content.Write(buffer, 0, read);
            if (content.Length > FileLog.MaxBytes)
            {
                return null;
            }
        }

        return content.ToArray();
    }

    private static JsonObject Error(string message) => new()
    {
        ["error"] = new JsonObject { ["message"] = message, ["type"] = "invalid_request_error", ["param"] = null, ["code"] = "request_too_large" },
    };

    private static JsonArray Describe(IReadOnlyList<ConfigProblem> problems) => new([.. problems.Select(problem => new JsonObject
    {
        ["severity"] = problem.IsError ? "error" : "warning",
        ["file"] = problem.File,
        ["line"] = problem.Line,
        ["column"] = problem.Column,
        ["setting"] = problem.Setting,
        ["what"] = problem.What,
        ["remedy"] = problem.Remedy,
    })]);
}

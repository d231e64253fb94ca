using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Recording;
using LlmGateway.Simulator.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace LlmGateway.Simulator.Serving;

/// <summary>One request on its way through the simulator.</summary>
internal sealed class Call
{
    private const string FaultHeader = "x-sim-fault";

    private readonly SimulatorEngine _engine;
    private readonly long _started;

    public Call(SimulatorEngine engine, HttpContext http, string path, SimulatedRequest? entry)
    {
        _engine = engine;
        _started = engine.Time.GetTimestamp();
        State = engine.State;
        Http = http;
        Path = path;
        Entry = entry;
        Aborted = http.RequestAborted;
        Key = ReadKey(http.Request);
    }

    public HttpContext Http { get; }

    public SimulatorState State { get; }

    public string Path { get; }

    public SimulatedRequest? Entry { get; }

    public FaultPlan? Plan { get; private set; }

    /// <summary>Cancelled the moment the client leaves.</summary>
    public CancellationToken Aborted { get; }

    public string? Key { get; }

    public int Status { get; private set; } = 200;

    /// <summary>Finds the faults of this request: those of a rule, overridden by the model name's, overridden by the header's.</summary>
    /// <param name="model">The model that was asked for; without its fault suffix afterwards.</param>
    /// <returns>The refusal of a fault that cannot be read, or null.</returns>
    public ApiError? ResolveFaults(ref string? model)
    {
        if (Entry is not null)
        {
            Entry.Model = model;
            _engine.Requests.Changed();
        }

        string? named = null;
        if (model is not null && model.IndexOf('!') is >= 0 and var bang)
        {
            named = model[(bang + 1)..];
            model = model[..bang];
        }

        string? ruled = _engine.Faults.Take(Path, model);
        bool asked = Http.Request.Headers.TryGetValue(FaultHeader, out StringValues header);
        if (ruled is null && named is null && !asked)
        {
            return null;
        }

        string specification = string.Join(',', new[] { ruled, named, asked ? header.ToString() : null }.Where(static part => !string.IsNullOrEmpty(part)));
        if (Entry is not null)
        {
            Entry.Fault = specification;
            _engine.Requests.Changed();
        }

        if (!FaultGrammar.TryParse(specification, out FaultPlan plan, out string? error))
        {
            return ApiError.Invalid(error, "model", "invalid_fault");
        }

        Plan = plan;
        return null;
    }

    public void Answered()
    {
        if (Entry is not null)
        {
            Entry.Answered(Status);
            _engine.Requests.Changed();
        }
    }

    public void EventWritten()
    {
        if (Entry is not null)
        {
            Entry.EventWritten();
            _engine.Requests.Changed();
        }
    }

    public async Task DelayAsync(TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            await Task.Delay(delay, _engine.Time, Aborted);
        }
    }

    public Task WaitUntilAbortedAsync() => Task.Delay(Timeout.InfiniteTimeSpan, _engine.Time, Aborted);

    public long UnixNow() => _engine.Time.GetUtcNow().ToUnixTimeSeconds();

    public string NextId(string prefix) => _engine.NextId(prefix);

    /// <summary>Status and the headers that OpenAI sends with every answer.</summary>
    public void SetHeaders(int status, string contentType)
    {
        Status = status;
        HttpResponse response = Http.Response;
        response.StatusCode = status;
        IHeaderDictionary headers = response.Headers;
        headers.ContentType = contentType;
        headers["x-request-id"] = _engine.NextId("req_");
        headers["openai-organization"] = "org-simulator";
        headers["openai-version"] = "2020-10-01";
        headers["openai-processing-ms"] = ((long)_engine.Time.GetElapsedTime(_started).TotalMilliseconds).ToString(null, null);
    }

    public Task RefuseAsync(ApiError error)
    {
        var buffer = new Utf8Buffer();
        error.WriteTo(buffer);
        SetHeaders(error.Status, "application/json");
        if (error.RetryAfter is { } wait)
        {
            SetRetryAfter(wait);
        }

        return SendAndDisposeAsync(buffer);
    }

    public void SetRetryAfter(TimeSpan wait)
    {
        Http.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(null, null);
        Http.Response.Headers["retry-after-ms"] = ((long)Math.Ceiling(wait.TotalMilliseconds)).ToString(null, null);
    }

    private async Task SendAndDisposeAsync(Utf8Buffer buffer)
    {
        using (buffer)
        {
            await new PlainSender(this).SendAsync(buffer.Memory);
        }
    }

    private static string? ReadKey(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } value, ..] && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            string key = value["Bearer ".Length..].Trim();
            return key.Length == 0 ? null : key;
        }

        return request.Headers.TryGetValue("api-key", out StringValues given) && given is [{ Length: > 0 } azure, ..] ? azure : null;
    }
}

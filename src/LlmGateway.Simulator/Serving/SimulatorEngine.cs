using System.Globalization;
using LlmGateway.Simulator.Faults;
using LlmGateway.Simulator.Recording;
using LlmGateway.Simulator.Wire;
using Microsoft.AspNetCore.Http;

namespace LlmGateway.Simulator.Serving;

/// <summary>Takes every request, finds its endpoint by path, and records what became of it.</summary>
internal sealed class SimulatorEngine
{
    private const string ModelPrefix = "/models/";

    private readonly GenerationEndpoint _generation;
    private readonly EmbeddingsEndpoint _embeddings;
    private readonly ControlEndpoints _control;
    private long _lastId;
    private volatile SimulatorState _state;

    public SimulatorEngine(SimulatorOptions options, TimeProvider time)
    {
        Time = time;
        _state = new SimulatorState(options);
        Faults = new FaultControl(options.Seed);
        _lastId = options.Seed;
        var limiter = new RateLimiter(time);
        _generation = new GenerationEndpoint(limiter, new PromptCache());
        _embeddings = new EmbeddingsEndpoint(limiter);
        _control = new ControlEndpoints(this);
    }

    public TimeProvider Time { get; }

    public FaultControl Faults { get; }

    public RequestLog Requests { get; } = new();

    public SimulatorState State => _state;

    public SimulatorOptions Options
    {
        get => _state.Options;
        set => _state = new SimulatorState(value);
    }

    public string NextId(string prefix)
    {
        ulong counter = (ulong)Interlocked.Increment(ref _lastId);
        return string.Create(CultureInfo.InvariantCulture, $"{prefix}{Hash64.Mix(counter):x16}{Hash64.Mix(~counter):x16}");
    }

    public Task HandleAsync(HttpContext http, string path)
    {
        if (path.StartsWith("/_sim/", StringComparison.Ordinal))
        {
            return _control.HandleAsync(http, path);
        }

        SimulatedRequest? entry = State.Options.RequestLogCapacity > 0 ? Record(http.Request, path) : null;
        var call = new Call(this, http, path, entry);
        Task handled = DispatchAsync(call, path.StartsWith("/v1/", StringComparison.Ordinal) ? path[3..] : path);
        return entry is null && handled.IsCompletedSuccessfully ? handled : FinishAsync(handled, call);
    }

    private Task DispatchAsync(Call call, string path)
    {
        string method = call.Http.Request.Method;
        bool post = HttpMethods.IsPost(method);
        switch (path)
        {
            case "/chat/completions": return post ? _generation.HandleAsync(call, chat: true) : NotAllowedAsync(call, "POST");
            case "/completions": return post ? _generation.HandleAsync(call, chat: false) : NotAllowedAsync(call, "POST");
            case "/embeddings": return post ? _embeddings.HandleAsync(call) : NotAllowedAsync(call, "POST");
            case "/models": return HttpMethods.IsGet(method) ? ModelsEndpoint.HandleAsync(call, null) : NotAllowedAsync(call, "GET");
        }

        if (path.StartsWith(ModelPrefix, StringComparison.Ordinal))
        {
            return HttpMethods.IsGet(method) ? ModelsEndpoint.HandleAsync(call, path[ModelPrefix.Length..]) : NotAllowedAsync(call, "GET");
        }

        return call.RefuseAsync(new ApiError(404, $"Invalid URL ({method} {call.Path})", "invalid_request_error", null, null));
    }

    private static Task NotAllowedAsync(Call call, string allowed)
    {
        call.Http.Response.Headers.Allow = allowed;
        return call.RefuseAsync(new ApiError(
            405,
            $"Not allowed to {call.Http.Request.Method} on {call.Path}. (HINT: Perhaps you meant to make a {allowed} request?)",
            "invalid_request_error", null, "method_not_supported"));
    }

    private async Task FinishAsync(Task handled, Call call)
    {
        bool aborted = false;
        try
        {
            await handled;
        }
        catch (OperationCanceledException)
        {
            aborted = true;
        }
        catch (IOException) when (call.Aborted.IsCancellationRequested)
        {
            // The body of the request broke off with its client: nobody is there to answer.
            aborted = true;
        }
        finally
        {
            if (call.Entry is not null)
            {
                call.Entry.Finish(Time.GetUtcNow(), aborted);
                Requests.Changed();
            }
        }
    }

    private SimulatedRequest Record(HttpRequest request, string path)
    {
        var headers = new KeyValuePair<string, string>[request.Headers.Count];
        int count = 0;
        foreach (var header in request.Headers)
        {
            headers[count++] = new KeyValuePair<string, string>(header.Key, header.Value.ToString());
        }

        var entry = new SimulatedRequest(request.Method, path, headers, Time.GetUtcNow());
        Requests.Add(entry, State.Options.RequestLogCapacity);
        return entry;
    }
}

using LlmGateway.Gateway.Dialects;
using Microsoft.AspNetCore.Routing;

namespace LlmGateway.Gateway;

/// <summary>The paths that applications call.</summary>
internal static class FrontDoor
{
    private const string MessagesPath = "/v1/messages";

    /// <summary>
    /// <c>POST /v1/chat/completions</c>, <c>/v1/completions</c>, <c>/v1/embeddings</c>, <c>/v1/feedback</c>, and <c>/v1/responses</c> and <c>/v1/messages</c>,
    /// which are translated; <c>GET /v1/models</c>, <c>/v1/models/{id}</c>. Whatever else is asked under <c>/v1</c> is answered with an error body
    /// in OpenAI's shape, below <c>/v1/messages</c> in Anthropic's.
    /// </summary>
    public static void MapFrontDoor(this IEndpointRouteBuilder app)
    {
        var pipeline = app.ServiceProvider.GetRequiredService<InferencePipeline>();
        var models = app.ServiceProvider.GetRequiredService<ModelPipeline>();
        app.MapPost("/v1/chat/completions", (RequestDelegate)(http => pipeline.HandleAsync(http, EndpointKind.ChatCompletions)));
        app.MapPost(MessagesPath, (RequestDelegate)(http => pipeline.HandleAsync(http, EndpointKind.ChatCompletions, ClientDialects.Messages)));
        app.MapPost("/v1/responses", (RequestDelegate)(http => pipeline.HandleAsync(http, EndpointKind.ChatCompletions, ClientDialects.Responses)));
        app.MapPost("/v1/completions", (RequestDelegate)(http => pipeline.HandleAsync(http, EndpointKind.Completions)));
        app.MapPost("/v1/embeddings", (RequestDelegate)(http => pipeline.HandleAsync(http, EndpointKind.Embeddings)));
        app.MapPost("/v1/feedback", (RequestDelegate)app.ServiceProvider.GetRequiredService<FeedbackPipeline>().HandleAsync);
        app.MapGet("/v1/models", (RequestDelegate)(http => models.HandleAsync(http, name: null)));
        app.MapGet("/v1/models/{**name}", (RequestDelegate)(http => models.HandleAsync(http, (string?)http.Request.RouteValues["name"])));
    }

    /// <summary>Answers of the framework that have no body (404, 405) get OpenAI's.</summary>
    public static void UseErrorBodies(this IApplicationBuilder app) => app.Use(async (http, next) =>
    {
        await next(http);
        if (http.Response.HasStarted || http.Response.ContentLength is not null || http.Response.ContentType is not null)
        {
            return;
        }

        var request = http.Request;
        var error = http.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => GatewayErrors.UnknownPath(request.Method, request.Path),
            StatusCodes.Status405MethodNotAllowed => GatewayErrors.MethodNotAllowed(request.Method, request.Path),
            _ => null,
        };
        if (error is not null)
        {
            await (request.Path.StartsWithSegments(MessagesPath) ? ErrorResponse.WriteAsync(http, error, ClientDialects.Messages) : ErrorResponse.WriteAsync(http, error));
        }
    });

    public static IServiceCollection AddGateway(this IServiceCollection services)
    {
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<Drain>();
        services.AddSingleton<IExchangeTrace>(new ExchangeTrace());
        services.AddSingleton<InferencePipeline>();
        services.AddSingleton<ModelPipeline>();
        services.AddSingleton<FeedbackPipeline>();
        return services;
    }
}

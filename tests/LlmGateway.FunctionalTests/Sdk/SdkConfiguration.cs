using LlmGateway.FunctionalTests.Hosting;

namespace LlmGateway.FunctionalTests.Sdk;

/// <summary>A route for each class of failure, for the official SDKs to meet.</summary>
internal static class SdkConfiguration
{
    public static TestConfiguration Create() => new(
        new Dictionary<string, string>
        {
            ["upstream-auth"] = "status=401",
            ["model-access"] = "status=404,code=model_not_found",
            ["context-length"] = "status=400,code=context_length_exceeded",
            ["content-filter"] = "status=400,code=content_filter",
            ["rate-limit"] = "status=429",
            ["quota-exhausted"] = "status=429,code=insufficient_quota,type=insufficient_quota",
            ["overloaded"] = "status=503",
            ["timeout"] = "status=504",
            ["bad-gateway"] = "status=500",
            ["bad-request"] = "status=422",
            ["cut"] = "cut=6",
            ["malformed"] = "malformed=6,cut=8",
            ["error-frame"] = "error=6",
            ["no-done"] = "nodone",
        });
}

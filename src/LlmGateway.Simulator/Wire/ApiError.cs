namespace LlmGateway.Simulator.Wire;

/// <summary>A refusal in OpenAI's shape. All four members are always written, as the schema asks; <paramref name="Code"/> is never a number.</summary>
internal sealed record ApiError(int Status, string Message, string Type, string? Param, string? Code)
{
    public TimeSpan? RetryAfter { get; init; }

    public static ApiError Invalid(string message, string? param, string? code) => new(400, message, "invalid_request_error", param, code);

    public static ApiError WrongType(string param, string expected, string got) =>
        Invalid($"Invalid type for '{param}': expected {expected}, but got {got} instead.", param, "invalid_type");

    public static ApiError Missing(string param) => Invalid($"Missing required parameter: '{param}'.", param, "missing_required_parameter");

    public static ApiError Malformed { get; } = Invalid(
        "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. "
        + "The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)", null, null);

    public static ApiError UnknownModel(string model) => new(
        404, $"The model `{model}` does not exist or you do not have access to it.", "invalid_request_error", null, "model_not_found");

    public void WriteTo(Utf8Buffer buffer) => buffer
        .Add("{\"error\":{\"message\":"u8).AddJson(Message)
        .Add(",\"type\":"u8).AddJson(Type)
        .Add(",\"param\":"u8).AddJson(Param)
        .Add(",\"code\":"u8).AddJson(Code)
        .Add("}}"u8);
}

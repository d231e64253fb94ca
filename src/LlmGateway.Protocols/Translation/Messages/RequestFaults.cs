namespace LlmGateway.Protocols.Translation.Messages;

/// <summary>What can be wrong with a request, each with its place and what to do.</summary>
internal static class RequestFaults
{
    public static TranslationFault InvalidJson(string what) =>
        new($"The request body is not valid JSON: {what}.", null, "invalid_json");

    public static TranslationFault NotAnObject(RequestNode body) =>
        new($"The request body must be a JSON object, but it is {body.Describe()}.", null, "invalid_type");

    public static TranslationFault Duplicate(JsonPlace place) =>
        new($"'{place}' is given twice; which one counts would depend on the reader. Send it once.", place.ToString(), "duplicate_parameter");

    public static TranslationFault Missing(JsonPlace place) =>
        new($"Missing required parameter: '{place}'.", place.ToString(), "missing_required_parameter");

    public static TranslationFault WrongType(RequestNode node, string expected) =>
        new($"Invalid type for '{node.Place}': expected {expected}, but got {node.Describe()} instead.", node.Place.ToString(), "invalid_type");

    public static TranslationFault Invalid(RequestNode node, string what) =>
        new($"Invalid '{node.Place}': {what}.", node.Place.ToString(), "invalid_value");

    public static TranslationFault Unsupported(JsonPlace place, string what) =>
        new($"'{place}' is not supported here: {what}.", place.ToString(), "unsupported_parameter");
}

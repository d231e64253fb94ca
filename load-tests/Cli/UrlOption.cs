using System.CommandLine;

namespace LlmGateway.LoadTests.Cli;

/// <summary>Options whose values are base addresses.</summary>
internal static class UrlOption
{
    public static Option<Uri?> Create(string name, string description, bool required = false) => new(name)
    {
        Description = description,
        HelpName = "url",
        Required = required,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp)
            {
                return url;
            }

            result.AddError($"{name}: '{text}' is not an address of the form http://HOST:PORT.");
            return null;
        },
    };
}

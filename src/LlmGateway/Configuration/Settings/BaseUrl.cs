namespace LlmGateway.Configuration.Settings;

/// <summary>Where a provider is: an address, or <c>builtin</c> for the simulator in process.</summary>
/// <param name="Address">Without a trailing slash; null for <c>builtin</c>.</param>
internal sealed record BaseUrl(Uri? Address)
{
    public const string Builtin = "builtin";

    public static bool TryParse(string text, out BaseUrl value)
    {
        value = new BaseUrl((Uri?)null);
        if (text == Builtin)
        {
            return true;
        }

        // A path is put behind it, so a query has no place; a user in it would be a secret in the open.
        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0 || address.Host.Length == 0)
        {
            return false;
        }

        value = new BaseUrl(address);
        return true;
    }

    public override string ToString() => Address?.OriginalString ?? Builtin;
}

using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Configuration.Validation;
using LlmGateway.Gateway;
using LlmGateway.Keys;

namespace LlmGateway.Admin.State;

/// <summary>Something that is to be made or changed, with everything that is wrong with it, so that all can be mended at once.</summary>
internal sealed class StateDraft(AdminBody body)
{
    private readonly List<(string Param, string Message)> _problems = [];

    public string Id { get; set; } = "";

    public AllowanceScope Scope { get; set; }

    /// <summary>Unique within kind and scope.</summary>
    public string Name { get; set; } = "";

    public SortedDictionary<string, JsonElement> Settings { get; private set; } = new(StringComparer.Ordinal);

    public List<string> Warnings { get; } = [];

    /// <summary>A name that is taken by something of the configuration.</summary>
    public GatewayError? Conflict { get; set; }

    /// <summary>Null while nothing is wrong.</summary>
    public GatewayError? Problem => (body.Problem, _problems) switch
    {
        (null, []) => Conflict,
        ({ } first, []) => first,
        ({ Code: "invalid_json" or "unsupported_media_type" } first, _) => first,
        ({ } first, _) => first with { Message = $"{first.Message} {Messages}" },
        _ => AdminErrors.Invalid(_problems[0].Param, Messages),
    };

    private string Messages => string.Join(' ', _problems.Select(problem => problem.Message));

    public string SettingsText => JsonSerializer.Serialize(Settings, StateJson.Default.SortedDictionaryStringJsonElement);

    public static SortedDictionary<string, JsonElement> Parse(string settings) => JsonSerializer.Deserialize(settings, StateJson.Default.SortedDictionaryStringJsonElement)!;

    public void Fail(string param, string message) => _problems.Add((param, message));

    public void Fail(KeyProblem? problem)
    {
        if (problem is not null)
        {
            Fail(problem.Member, problem.Message);
        }
    }

    /// <summary>Takes the members that were sent over what there is; null takes one away.</summary>
    public void Take(SortedDictionary<string, JsonElement> settings, params string[] names)
    {
        Settings = settings;
        foreach (var name in names)
        {
            if (body.Members.TryGetValue(name, out var value))
            {
                if (value.ValueKind == JsonValueKind.Null)
                {
                    Settings.Remove(name);
                }
                else
                {
                    Settings[name] = value;
                }
            }
        }
    }

    /// <summary>Takes what the rules of the configuration say of it.</summary>
    /// <param name="whole">The member to mend where they mean the whole.</param>
    public void Take(IEnumerable<StoredRules.Finding> findings, string whole)
    {
        foreach (var (setting, what, remedy, isError) in findings)
        {
            var param = setting.Length == 0 ? whole : setting;
            var message = $"{param}: {what}: {remedy}.";
            if (isError)
            {
                Fail(param, message);
            }
            else
            {
                Warnings.Add(message);
            }
        }
    }
}

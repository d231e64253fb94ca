using System.Text.Json;
using System.Text.Json.Serialization;

namespace LlmGateway.Admin.State;

/// <summary>How the answers about tenants, projects, budgets and limits are written, and their settings kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(TenantView))]
[JsonSerializable(typeof(StatePage<TenantView>))]
[JsonSerializable(typeof(ProjectView))]
[JsonSerializable(typeof(StatePage<ProjectView>))]
[JsonSerializable(typeof(BudgetView))]
[JsonSerializable(typeof(StatePage<BudgetView>))]
[JsonSerializable(typeof(LimitView))]
[JsonSerializable(typeof(StatePage<LimitView>))]
[JsonSerializable(typeof(SortedDictionary<string, JsonElement>))]
internal sealed partial class StateJson : JsonSerializerContext;

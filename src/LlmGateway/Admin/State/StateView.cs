using System.Text.Json.Serialization;
using LlmGateway.Catalog;

namespace LlmGateway.Admin.State;

/// <summary>What all that is configured or made at run time shows alike.</summary>
/// <param name="Source"><c>configuration</c>: it is changed in its file; or <c>admin</c>.</param>
/// <param name="InForce">False for a stored one that the configuration overrides by one of the same name, or whose owner is gone.</param>
internal abstract record StateView(
    [property: JsonPropertyOrder(-2)] string Id, [property: JsonPropertyOrder(-1)] string Source, bool InForce, DateTime? CreatedAt, DateTime? UpdatedAt)
{
    public const string Configuration = "configuration";
    public const string Admin = "admin";

    /// <summary>Whose it is.</summary>
    public abstract AllowanceScope Owner();

    /// <summary>Order of creation; 0 for what is configured.</summary>
    [JsonIgnore]
    public long Sequence { get; init; }

    /// <summary>What does not do what it seems to; only in the answer to a change.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? Warnings { get; init; }

    [JsonIgnore]
    public bool IsConfigured => Source == Configuration;
}

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Ask with it for the next page; null at the end.</param>
internal sealed record StatePage<T>(IReadOnlyList<T> Data, bool HasMore, string? NextCursor)
    where T : StateView
{
    /// <summary>Configured ones first and by id, then the others in the order of their creation: neither order changes while some come and go.</summary>
    public static StatePage<T> Of(IEnumerable<T> all, KeyCursor after, int limit)
    {
        var views = all.ToList();
        var page = new List<T>();
        if (after.Configured is { } last)
        {
            page.AddRange(views.Where(view => view.IsConfigured && string.CompareOrdinal(view.Id, last) > 0).OrderBy(view => view.Id, StringComparer.Ordinal));
        }

        page.AddRange(views.Where(view => !view.IsConfigured && view.Sequence > after.Stored).OrderBy(view => view.Sequence));
        var more = page.Count > limit;
        return new StatePage<T>([.. page.Take(limit)], more, more ? CursorOf(page[limit - 1]).ToString() : null);
    }

    private static KeyCursor CursorOf(T view) => view.IsConfigured ? new KeyCursor(view.Id, 0) : new KeyCursor(null, view.Sequence);
}

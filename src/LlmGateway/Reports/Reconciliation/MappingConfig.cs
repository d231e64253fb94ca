using LlmGateway.Configuration.Settings;

namespace LlmGateway.Reports.Reconciliation;

/// <summary>How a provider's usage or cost export reads: a file of <c>config/reconcile</c>.</summary>
internal sealed record MappingConfig
{
    [Setting("How the export is written.", Required = true, OneOf = "csv json")]
    public string Format { get; init; } = "";

    [Setting("JSON: the members that lead to the records, each an array; what stands beside an inner one belongs to each of its records.")]
    public IReadOnlyList<string> Records { get; init; } = [];

    [Setting("Columns of CSV, or members of JSON with dots between, by what they mean; of several names the first that is there is taken.", Required = true)]
    public ColumnsConfig Columns { get; init; } = new();

    [Setting("Days of the export begin at midnight of this time zone.")]
    public TimeZoneInfo Timezone { get; init; } = TimeZoneInfo.Utc;

    [Setting("Reads model and meter out of one column: a regular expression with the groups model and meter.")]
    public string? ModelPattern { get; init; }

    [Setting("Names of models in the export, globs, by the name that the ledger has.")]
    public IReadOnlyDictionary<string, string> Models { get; init; } = new Dictionary<string, string>();

    [Setting("What quantity counts, by globs of the meter: input, cached_input, cache_write, output or requests; input is without what is cached. A meter that none matches counts as cost only.")]
    public IReadOnlyDictionary<string, string> Meters { get; init; } = new Dictionary<string, string>();

    [Setting("How many tokens one unit of quantity is.", Min = "1")]
    public decimal Per { get; init; } = 1;

    [Setting("The export's input counts cached and written tokens as well, as OpenAI does; Anthropic counts them apart.")]
    public bool InputIncludesCached { get; init; } = true;

    [Setting("Records that do not count: globs by column.")]
    public IReadOnlyDictionary<string, string> Skip { get; init; } = new Dictionary<string, string>();

    [Setting("The currency of records that name none.")]
    public string? Currency { get; init; }
}

/// <summary>Where the export has what.</summary>
internal sealed record ColumnsConfig
{
    [Setting("Start of the day or of a part of it: a date, an instant, or seconds since 1970.", Required = true, NotEmpty = true)]
    public IReadOnlyList<string> Day { get; init; } = [];

    [Setting("The model, or what model_pattern reads it out of.", Required = true, NotEmpty = true)]
    public IReadOnlyList<string> Model { get; init; } = [];

    [Setting("What quantity is a quantity of.")]
    public IReadOnlyList<string> Meter { get; init; } = [];

    [Setting("Of one meter a record.")]
    public IReadOnlyList<string> Quantity { get; init; } = [];

    [Setting("Calls.")]
    public IReadOnlyList<string> Requests { get; init; } = [];

    [Setting("Input tokens.")]
    public IReadOnlyList<string> InputTokens { get; init; } = [];

    [Setting("Input tokens that came from a prompt cache.")]
    public IReadOnlyList<string> CachedInputTokens { get; init; } = [];

    [Setting("Input tokens that were written to a prompt cache; several columns are added.")]
    public IReadOnlyList<string> CacheWriteTokens { get; init; } = [];

    [Setting("Output tokens.")]
    public IReadOnlyList<string> OutputTokens { get; init; } = [];

    [Setting("What is billed.")]
    public IReadOnlyList<string> Cost { get; init; } = [];

    [Setting("Of cost.")]
    public IReadOnlyList<string> Currency { get; init; } = [];
}

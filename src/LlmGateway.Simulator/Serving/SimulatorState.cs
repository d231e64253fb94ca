using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>Options and what follows from them, swapped as one; a request sees the same from start to end.</summary>
internal sealed class SimulatorState
{
    private readonly FrozenDictionary<string, ServedModel> _models;
    private readonly FrozenSet<string> _keys;

    public SimulatorState(SimulatorOptions options)
    {
        IReadOnlyList<string> errors = options.Validate();
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join("; ", errors), nameof(options));
        }

        Options = options;
        _models = options.Models.ToFrozenDictionary(static model => model.Id, static model => new ServedModel(model), StringComparer.Ordinal);
        _keys = options.ApiKeys.ToFrozenSet(StringComparer.Ordinal);
        using var buffer = new Utf8Buffer();
        buffer.Add("{\"object\":\"list\",\"data\":["u8);
        for (int i = 0; i < options.Models.Count; i++)
        {
            buffer.Add(i == 0 ? ""u8 : ","u8);
            _models[options.Models[i].Id].WriteTo(buffer);
        }

        ModelsJson = buffer.Add("]}"u8).Span.ToArray();
    }

    public SimulatorOptions Options { get; }

    public byte[] ModelsJson { get; }

    public bool TryGetModel(string name, [NotNullWhen(true)] out ServedModel? model)
    {
        if (_models.TryGetValue(name, out model))
        {
            return true;
        }

        model = Options.AnyModel && name.Length > 0 ? new ServedModel(new SimulatorModel(name) { EmbeddingDimensions = 1_536 }) : null;
        return model is not null;
    }

    /// <summary>The refusal of a missing or wrong key, or null.</summary>
    public ApiError? CheckKey(string? key)
    {
        if (key is null)
        {
            return _keys.Count == 0 && !Options.RequireKey
                ? null
                : new ApiError(
                    401,
                    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth "
                    + "(i.e. Authorization: Bearer YOUR_KEY).",
                    "invalid_request_error", null, null);
        }

        return _keys.Count == 0 || _keys.Contains(key)
            ? null
            : new ApiError(401, $"Incorrect API key provided: {Masked(key)}.", "invalid_request_error", null, "invalid_api_key");
    }

    internal static string Masked(string key) => key.Length > 12 ? $"{key[..3]}****{key[^4..]}" : "****";
}

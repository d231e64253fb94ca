using LlmGateway.Simulator.Wire;

namespace LlmGateway.Simulator.Serving;

/// <summary>A model and its name as the JSON string that answers carry.</summary>
internal sealed class ServedModel
{
    public ServedModel(SimulatorModel model)
    {
        Model = model;
        using var buffer = new Utf8Buffer(64);
        NameJson = buffer.AddJson(model.Id).Span.ToArray();
        Seed = Hash64.Of(NameJson, 0);
    }

    public SimulatorModel Model { get; }

    public byte[] NameJson { get; }

    public ulong Seed { get; }

    public void WriteTo(Utf8Buffer buffer) => buffer
        .Add("{\"id\":"u8).Add(NameJson)
        .Add(",\"object\":\"model\",\"created\":1767225600,\"owned_by\":"u8).AddJson(Model.OwnedBy)
        .Add((byte)'}');
}

namespace LlmGateway.Simulator.Wire;

/// <summary>What every chunk of an answer, or its one body, says of the whole. The model name is a JSON string already.</summary>
internal readonly record struct AnswerHead(bool Chat, string Id, long Created, byte[] ModelJson)
{
    public void WriteTo(Utf8Buffer buffer, ReadOnlySpan<byte> kind) => buffer
        .Add("{\"id\":\""u8).Add(Id)
        .Add("\",\"object\":\""u8).Add(kind)
        .Add("\",\"created\":"u8).Add(Created)
        .Add(",\"model\":"u8).Add(ModelJson)
        .Add(",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_simulator\",\"choices\":["u8);
}

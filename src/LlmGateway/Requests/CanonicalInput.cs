namespace LlmGateway.Requests;

/// <summary>One input of an embeddings request.</summary>
/// <param name="Frames">Its canonical bytes, counted from the first byte behind the opening of all inputs.</param>
/// <param name="Body">Its JSON in the body.</param>
internal readonly record struct CanonicalInput(FrameRange Frames, BodyRange Body);

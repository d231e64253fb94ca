namespace LlmGateway.Keys;

/// <summary>A secret that the gateway itself needs is too short or out of reach. The message is one line for the operator; start-up ends with it.</summary>
internal sealed class SecretUnusableException(string message, Exception? inner = null) : Exception(message, inner);

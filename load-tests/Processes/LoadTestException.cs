namespace LlmGateway.LoadTests.Processes;

/// <summary>Something that stops the run and that whoever runs it can mend; the message says it all.</summary>
internal sealed class LoadTestException(string message) : Exception(message);

namespace LlmGateway.Simulator.Serving;

/// <summary>
/// Ends an answer half way. Thrown out of the request delegate on purpose: Kestrel then sends what was written, leaves out the proper end of the
/// body and closes the connection, whereas <c>HttpContext.Abort</c> may drop bytes that were written but not yet sent.
/// </summary>
internal sealed class ConnectionCutException() : Exception("The simulator cut the connection, as a fault asked.");

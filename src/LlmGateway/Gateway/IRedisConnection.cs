using StackExchange.Redis;

namespace LlmGateway.Gateway;

/// <summary>The one connection to Redis that all rooms share. Registered only where Redis is configured.</summary>
internal interface IRedisConnection
{
    /// <summary>
    /// Ends when the connection has been set up. Redis may be away nevertheless, then and at any later time: calls fail at once while it is, and the
    /// connection comes back by itself. Whoever has it must not dispose it.
    /// </summary>
    Task<IConnectionMultiplexer> Ready { get; }
}

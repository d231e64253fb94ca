using LlmGateway.Gateway.Tracing;

namespace LlmGateway.Gateway;

/// <summary>Rooms in their order, up to one that decides itself whether and how the walk goes on.</summary>
internal sealed class Walk : IWalk
{
    private readonly IRoom[] _rooms;
    private readonly IExchangeObserver[] _observers;
    private readonly IBranchingRoom? _branch;
    private readonly Walk? _rest;

    private Walk(ReadOnlySpan<IRoom> rooms, IExchangeObserver[] observers)
    {
        for (var i = 0; i < rooms.Length; i++)
        {
            if (rooms[i] is IBranchingRoom branch)
            {
                _rooms = rooms[..i].ToArray();
                _branch = branch;
                _rest = new Walk(rooms[(i + 1)..], observers);

                // Nothing that ends begins before the branch.
                _observers = [];
                return;
            }
        }

        _rooms = rooms.ToArray();
        _observers = observers;
    }

    public static Walk Through(ReadOnlySpan<IRoom> rooms, IExchangeObserver[] observers) => new(rooms, observers);

    /// <inheritdoc/>
    public async ValueTask<GatewayError?> GoOnAsync(Exchange exchange)
    {
        try
        {
            foreach (var room in _rooms)
            {
                if (await (exchange.Spans is null ? room.EnterAsync(exchange) : EnterNotedAsync(exchange, room)) is { } error)
                {
                    return error;
                }
            }

            return _branch is null ? null : await (exchange.Spans is null ? _branch.EnterAsync(exchange, _rest!) : BranchNotedAsync(exchange, _branch, _rest!));
        }
        finally
        {
            foreach (var observer in _observers)
            {
                observer.Ending(exchange);
            }
        }
    }

    private static async ValueTask<GatewayError?> EnterNotedAsync(Exchange exchange, IRoom room)
    {
        var note = exchange.Spans!.Enter(room.Name);
        try
        {
            return await room.EnterAsync(exchange);
        }
        finally
        {
            exchange.Spans.Leave(note);
        }
    }

    private static async ValueTask<GatewayError?> BranchNotedAsync(Exchange exchange, IBranchingRoom branch, Walk rest)
    {
        var note = exchange.Spans!.Enter(branch.Name);
        try
        {
            return await branch.EnterAsync(exchange, new NotedWalk(rest, exchange.Spans, note));
        }
        finally
        {
            exchange.Spans.Leave(note);
        }
    }

    /// <summary>What follows a branch is not the branch's own time.</summary>
    private sealed class NotedWalk(Walk rest, ExchangeSpans spans, int note) : IWalk
    {
        public ValueTask<GatewayError?> GoOnAsync(Exchange exchange)
        {
            spans.Leave(note);
            return rest.GoOnAsync(exchange);
        }
    }
}

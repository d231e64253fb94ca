using LlmGateway.Limits.InProcess;
using StackExchange.Redis;

namespace LlmGateway.Limits.Redis;

/// <summary>A reservation as this engine keeps it.</summary>
internal sealed class RedisHold
{
    private readonly Lock _gate = new();
    private bool _inRedis;
    private bool _isOver;

    public RedisHold(Reservation reservation, string id)
    {
        Reservation = reservation;
        Rename(id);
    }

    public Reservation Reservation { get; }

    public string Tenant => Reservation.Tenant;

    /// <summary>What Redis calls it.</summary>
    public string Id { get; private set; } = "";

    public RedisKey Key { get; private set; }

    /// <summary>When its lease was prolonged last, by the node's own clock.</summary>
    public long RenewedAt { get; set; }

    /// <summary>When it was made, since the start of the engine.</summary>
    public TimeSpan MadeAt { get; set; }

    /// <summary>What this node holds of it in its own share: the whole when Redis was away, what was added when it was away then.</summary>
    public List<(TenantAccounts Accounts, Reservation Share)>? Shares { get; set; }

    /// <summary>Redis holds it, or may: it is settled there.</summary>
    public bool InRedis
    {
        get
        {
            lock (_gate)
            {
                return _inRedis;
            }
        }
    }

    /// <summary>A name that Redis has not heard: what was asked under the old one is to be forgotten.</summary>
    public void Rename(string id) => (Id, Key) = (id, RedisNames.Reservation(Tenant, id));

    /// <summary>Redis is about to hold it. False when it is over already.</summary>
    public bool Adopt()
    {
        lock (_gate)
        {
            _inRedis |= !_isOver;
            return !_isOver;
        }
    }

    /// <summary>It is over. True when Redis holds it, or may.</summary>
    public bool End()
    {
        lock (_gate)
        {
            _isOver = true;
            return _inRedis;
        }
    }
}

using Dapper;
using LlmGateway.Catalog;

namespace LlmGateway.Keys.Stores;

/// <summary>What came of a change of stored state.</summary>
internal enum StateChange
{
    Done,
    NotFound,
    NameTaken,

    /// <summary>Keys of it work still.</summary>
    HasKeys,

    /// <summary>The caller thought better of it.</summary>
    Refused,
}

/// <summary>Tenants, projects, budgets and limits that are made at run time. It keeps settings and does not read them.</summary>
internal sealed class StateStore(StoreWriter writer, ILogger<StateStore> logger)
{
    /// <param name="name">Unique within kind and scope.</param>
    public StateChange Create(string kind, string id, AllowanceScope scope, string name, string settings, string actor) => Change(kind, id, actor, "create", change =>
    {
        var now = change.Now.ToUnixTimeMilliseconds();
        change.Connection.Execute(
            StateSql.Insert,
            new StateRow
            {
                Kind = kind,
                Id = id,
                Tenant = scope.Tenant,
                Project = scope.Project ?? "",
                KeyId = scope.KeyId ?? "",
                Name = name,
                Settings = settings,
                CreatedAt = now,
                UpdatedAt = now,
            },
            change.Transaction);
        change.Audit(actor, $"{kind}.create", id, settings);
        return StateChange.Done;
    });

    /// <param name="edit">Of the settings; null leaves them.</param>
    public StateChange Update(string kind, string id, string actor, Func<string, string?> edit) => Change(kind, id, actor, "update", change =>
    {
        if (Find(change, kind, id) is not { } row)
        {
            return StateChange.NotFound;
        }

        if (edit(row.Settings) is not { } settings)
        {
            return StateChange.Refused;
        }

        row.Settings = settings;
        row.UpdatedAt = change.Now.ToUnixTimeMilliseconds();
        change.Connection.Execute(StateSql.Update, row, change.Transaction);
        change.Audit(actor, $"{kind}.update", id, row.Settings);
        return StateChange.Done;
    });

    /// <summary>Takes a tenant or project away with all that is stored of it, anything else alone.</summary>
    public StateChange Delete(string kind, string id, string actor) => Change(kind, id, actor, "delete", change =>
    {
        if (Find(change, kind, id) is not { } row)
        {
            return StateChange.NotFound;
        }

        var whole = kind is StateKind.Tenant or StateKind.Project;
        if (whole && change.Connection.ExecuteScalar<long>(
            StateSql.LiveKeys, new { row.Tenant, row.Project, now = change.Now.ToUnixTimeMilliseconds() }, change.Transaction) > 0)
        {
            return StateChange.HasKeys;
        }

        var victims = whole ? change.Connection.Query<StateRow>(StateSql.Of, new { row.Tenant, row.Project }, change.Transaction).AsList() : [row];
        foreach (var victim in victims)
        {
            change.Connection.Execute(StateSql.Delete, victim, change.Transaction);
            change.Audit(actor, $"{victim.Kind}.delete", victim.Id, victim.Settings);
        }

        return StateChange.Done;
    });

    private static StateRow? Find(StoreTransaction change, string kind, string id) =>
        change.Connection.QuerySingleOrDefault<StateRow>(StateSql.Find, new { kind, id }, change.Transaction);

    private StateChange Change(string kind, string id, string actor, string action, Func<StoreTransaction, StateChange> apply)
    {
        var (result, taken) = writer.Change(change => apply(change) is var came ? (came, came is StateChange.Done) : default);
        if (taken)
        {
            return StateChange.NameTaken;
        }

        if (result is StateChange.Done)
        {
            logger.StateChanged(kind, id, action, actor);
        }

        return result;
    }
}

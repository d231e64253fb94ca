using System.Data.Common;
using Dapper;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// Changes of what is stored, each one transaction with its rows of audit and the next version. The version comes first: it is one row,
/// so of several nodes each waits for the other, and sequences become visible in their order.
/// </summary>
internal sealed class StoreWriter(IAdminDatabase database, TimeProvider time)
{
    /// <summary>Raised after this process has changed the store, before the change is answered.</summary>
    public event Action? Changed;

    /// <param name="apply">Does it; null where nothing is changed after all, and then nothing is.</param>
    /// <returns>What <paramref name="apply"/> gave; the default where the name is taken.</returns>
    public (T? Result, bool NameTaken) Change<T>(Func<StoreTransaction, (T Result, bool Done)> apply)
    {
        T result;
        try
        {
            using var connection = database.Open();
            using var transaction = database.BeginWriting(connection);
            connection.Execute(KeySql.NextVersion, transaction: transaction);
            (result, var done) = apply(new StoreTransaction(transaction, time.GetUtcNow()));
            if (!done)
            {
                return (result, false);
            }

            database.Announce(transaction);
            transaction.Commit();
        }
        catch (DbException error) when (database.IsDuplicate(error))
        {
            return (default, true);
        }
        catch (DbException error) when (database.IsOutage(error))
        {
            throw Unreachable(error);
        }

        Changed?.Invoke();
        return (result, false);
    }

    /// <summary>A row of audit for what an operator did and what changes nothing that is stored: there is no next version of it.</summary>
    public void Audit(string actor, string action, string subject)
    {
        try
        {
            using var connection = database.Open();
            using var transaction = database.BeginWriting(connection);
            new StoreTransaction(transaction, time.GetUtcNow()).Audit(actor, action, subject);
            transaction.Commit();
        }
        catch (DbException error) when (database.IsOutage(error))
        {
            throw Unreachable(error);
        }
    }

    /// <summary>Reads without changing anything.</summary>
    public T Read<T>(Func<DbConnection, T> read)
    {
        try
        {
            using var connection = database.Open();
            return read(connection);
        }
        catch (DbException error) when (database.IsOutage(error))
        {
            throw Unreachable(error);
        }
    }

    private StoreUnreachableException Unreachable(DbException error) =>
        new($"{database.Name}, which keeps keys and what else is made at run time, does not answer. Requests go on with what was read last.", error);
}

/// <summary>One change.</summary>
internal readonly record struct StoreTransaction(DbTransaction Transaction, DateTimeOffset Now)
{
    public DbConnection Connection => Transaction.Connection!;

    /// <summary>Who changed what. Never holds a secret.</summary>
    public void Audit(string actor, string action, string subject, string? details = null) => Connection.Execute(
        "INSERT INTO admin_audit (at, actor, action, subject, details) VALUES (@at, @actor, @action, @subject, @details)",
        new { at = Now.ToUnixTimeMilliseconds(), actor, action, subject, details },
        Transaction);
}

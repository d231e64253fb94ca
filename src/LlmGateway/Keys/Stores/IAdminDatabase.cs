using System.Data.Common;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// The engine that keeps keys and what else was made at run time. Statements are the same for all; here is what is not. Any member may
/// throw <see cref="StoreUnreachableException"/>.
/// </summary>
internal interface IAdminDatabase
{
    /// <summary>As people know it.</summary>
    string Name { get; }

    DbConnection Open();

    /// <summary>Everything that it reads belongs to one version.</summary>
    DbTransaction BeginReading(DbConnection connection);

    DbTransaction BeginWriting(DbConnection connection);

    /// <summary>Tells other processes that the transaction changes something, once it has.</summary>
    void Announce(DbTransaction transaction);

    /// <summary>Whether the error says that a unique name is taken.</summary>
    bool IsDuplicate(DbException error);

    /// <summary>Whether the error says that the engine is out of reach, in place of that it was asked for something wrong.</summary>
    bool IsOutage(DbException error);
}

/// <summary>The engine is out of reach. The message is for whoever asked.</summary>
internal sealed class StoreUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

using Dapper;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Keys;

/// <summary>Who changed what, when. A row stands or falls with the change itself, since both are one transaction; it never holds a secret.</summary>
internal static class AuditLog
{
    public static void Append(SqliteTransaction transaction, DateTimeOffset at, string actor, string action, string subject) =>
        transaction.Connection!.Execute(
            "INSERT INTO admin_audit (at, actor, action, subject) VALUES (@at, @actor, @action, @subject)",
            new { at = at.ToUnixTimeMilliseconds(), actor, action, subject },
            transaction);
}

namespace LlmGateway.Keys.Stores;

internal static class StateSql
{
    private const string Columns =
        "sequence AS Sequence, kind AS Kind, id AS Id, tenant AS Tenant, project AS Project, key_id AS KeyId, name AS Name, settings AS Settings, "
        + "created_at AS CreatedAt, updated_at AS UpdatedAt";

    // In the order of creation, which of two that collide counts.
    public const string All = $"SELECT {Columns} FROM stored_state ORDER BY sequence";

    public const string Find = $"SELECT {Columns} FROM stored_state WHERE kind = @kind AND id = @id";

    public const string Insert = """
        INSERT INTO stored_state (kind, id, tenant, project, key_id, name, settings, created_at, updated_at)
        VALUES (@Kind, @Id, @Tenant, @Project, @KeyId, @Name, @Settings, @CreatedAt, @UpdatedAt)
        """;

    public const string Update = "UPDATE stored_state SET settings = @Settings, updated_at = @UpdatedAt WHERE kind = @Kind AND id = @Id";

    public const string Delete = "DELETE FROM stored_state WHERE kind = @Kind AND id = @Id";

    /// <summary>All of a tenant, or of one of its projects, itself included.</summary>
    public const string Of = $"SELECT {Columns} FROM stored_state WHERE tenant = @Tenant AND (@Project = '' OR project = @Project) ORDER BY sequence";

    /// <summary>Keys that work, or would if they were enabled.</summary>
    public const string LiveKeys = """
        SELECT count(*) FROM virtual_keys
        WHERE tenant = @Tenant AND (@Project = '' OR project = @Project) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > @now)
        """;
}

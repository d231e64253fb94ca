namespace LlmGateway.Keys;

internal static class KeySql
{
    public const string Insert = """
        INSERT INTO virtual_keys (id, tenant, project, name, routes, tags, enabled, hint, expires_at, created_at, updated_at, rotated_at, revoked_at)
        VALUES (@Id, @Tenant, @Project, @Name, @Routes, @Tags, @Enabled, @Hint, @ExpiresAt, @CreatedAt, @UpdatedAt, @RotatedAt, @RevokedAt)
        RETURNING sequence
        """;

    public const string Update = """
        UPDATE virtual_keys
        SET name = @Name, routes = @Routes, tags = @Tags, enabled = @Enabled, hint = @Hint, expires_at = @ExpiresAt,
            updated_at = @UpdatedAt, rotated_at = @RotatedAt, revoked_at = @RevokedAt
        WHERE id = @Id
        """;

    public const string Find = $"SELECT {KeyRow.Columns} FROM virtual_keys WHERE id = @id";

    public const string All = $"SELECT {KeyRow.Columns} FROM virtual_keys";

    public const string List = $"""
        SELECT {KeyRow.Columns} FROM virtual_keys
        WHERE sequence > @After
          AND (@Tenant IS NULL OR tenant = @Tenant)
          AND (@Project IS NULL OR project = @Project)
          AND (@IncludeRevoked OR revoked_at IS NULL)
        ORDER BY sequence
        LIMIT @Limit
        """;

    public const string InsertSecret = "INSERT INTO key_secrets (hash, key_id, created_at, valid_until) VALUES (@hash, @id, @now, NULL)";

    // A secret whose grace is already shorter keeps it: a second rotation must not bring the first one's victim back.
    public const string EndSecrets = "UPDATE key_secrets SET valid_until = @until WHERE key_id = @id AND (valid_until IS NULL OR valid_until > @until)";

    public const string Secrets = "SELECT hash AS Hash, key_id AS KeyId, valid_until AS ValidUntil FROM key_secrets";

    public const string Version = "SELECT version FROM key_version";

    public const string NextVersion = "UPDATE key_version SET version = version + 1";
}

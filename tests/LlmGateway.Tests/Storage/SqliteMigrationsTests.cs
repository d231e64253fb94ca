using DbUp.Engine;
using LlmGateway.Storage;

namespace LlmGateway.Tests.Storage;

public sealed class SqliteMigrationsTests : IDisposable
{
    private readonly SqliteDatabase _database = new(Directory.CreateTempSubdirectory("migrations-").FullName);

    [Fact]
    public void Scripts_run_once_and_in_the_order_of_their_numbers()
    {
        SqlScript[] first = [new("0001-a.sql", "CREATE TABLE a (x TEXT); -- it's; fine")];
        SqlScript[] both = [.. first, new("0002-b.sql", "INSERT INTO a VALUES ('$b$'); INSERT INTO a VALUES ('c');")];
        SqliteMigrations.Apply(_database, first);
        SqliteMigrations.Apply(_database, both);
        SqliteMigrations.Apply(_database, both);
        Assert.Equal("$b$c", Scalar("SELECT GROUP_CONCAT(x, '') FROM a"));
    }

    [Fact]
    public void The_database_keeps_its_write_ahead_log()
    {
        SqliteMigrations.Apply(_database);
        Assert.Equal("wal", Scalar("PRAGMA journal_mode"));
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM ledger"));
    }

    [Fact]
    public void A_database_of_a_newer_gateway_is_refused_and_left_alone()
    {
        SqliteMigrations.Apply(_database, [new SqlScript("0001-a.sql", "CREATE TABLE a (x)"), new SqlScript("0099-future.sql", "CREATE TABLE b (x)")]);
        var error = Assert.Throws<StorageException>(() => SqliteMigrations.Apply(_database, [new SqlScript("0001-a.sql", ""), new SqlScript("0002-c.sql", "CREATE TABLE c (x)")]));
        Assert.Contains("newer gateway (0099-future.sql", error.Message, StringComparison.Ordinal);
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = 'c'"));
    }

    [Fact]
    public void A_script_that_fails_leaves_nothing_behind()
    {
        var error = Assert.Throws<StorageException>(() => SqliteMigrations.Apply(_database, [new SqlScript("0001-a.sql", "CREATE TABLE a (x); CREATE TABLE a (x);")]));
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(0L, Scalar("SELECT COUNT(*) FROM sqlite_master WHERE name = 'a'"));
    }

    [Fact]
    public void A_damaged_file_is_one_clear_line()
    {
        File.WriteAllText(_database.Path, string.Concat(Enumerable.Repeat("this is no database ", 400)));
        var error = Assert.Throws<StorageException>(() => SqliteMigrations.Apply(_database));
        Assert.Contains("is damaged or no SQLite database", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_database.Folder, recursive: true);

    private object? Scalar(string sql)
    {
        using var connection = _database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}

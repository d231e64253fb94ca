using System.Globalization;
using System.Runtime;
using LlmGateway.Configuration;
using LlmGateway.Storage;
using Microsoft.Data.Sqlite;

namespace LlmGateway.Admin.Doctor;

/// <summary>The node itself: versions, disk, data folder and the database in it.</summary>
internal static class MachineCheck
{
    public static IEnumerable<Finding> Versions()
    {
        yield return Finding.Ok("version", $"llmgateway {VersionCommand.Version}, .NET {Environment.Version}, {Environment.ProcessorCount} processors");
        if (!GCSettings.IsServerGC)
        {
            yield return Finding.Warning("garbage collector", "the workstation collector runs, which costs throughput", "unset DOTNET_gcServer");
        }
    }

    public static IEnumerable<Finding> DataFolder(string folder, DataSettings settings)
    {
        if (!Directory.Exists(folder))
        {
            yield return Finding.Warning("data folder", $"{folder} is not there yet", "the first start makes it; if it should be there, name it with --data");
            yield break;
        }

        if (Unwritable(folder) is { } why)
        {
            yield return Finding.Failure("data folder", $"{folder} cannot be written: {why}", "mend its owner and permissions");
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        var text = string.Create(CultureInfo.InvariantCulture, $"{free >> 20} MB are free at {folder}");
        yield return free < settings.MinFree ? Finding.Failure("disk", text, "make room: below data.min_free no attempt begins")
            : free < 10 * Math.Max(1, settings.MinFree) ? Finding.Warning("disk", text, "make room before it comes to data.min_free")
            : Finding.Ok("disk", text);
        yield return Database(new SqliteDatabase(folder));
    }

    private static Finding Database(SqliteDatabase database)
    {
        if (!File.Exists(database.Path))
        {
            return Finding.Warning("ledger", $"there is no {database.Path} yet", "the first start makes it");
        }

        try
        {
            using var connection = database.OpenForReading();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            var verdict = (string?)command.ExecuteScalar();
            if (verdict != "ok")
            {
                return Finding.Failure("ledger", $"{database.Path} is damaged: {verdict}", "stop the gateway, keep a copy, and restore a backup");
            }

            command.CommandText = "SELECT COUNT(*) FROM schema_versions";
            return Finding.Ok("ledger", $"{database.Path} is sound, {new FileInfo(database.Path).Length >> 20} MB, {command.ExecuteScalar()} migrations");
        }
        catch (SqliteException error)
        {
            return Finding.Failure("ledger", StorageException.Of(error, database.Path).Message, "let one process at a time use the folder, and check the disk");
        }
    }

    private static string? Unwritable(string folder)
    {
        var probe = Path.Combine(folder, $".doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return error.Message;
        }
    }
}

using System.Text.Json;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// What was read last of an engine elsewhere, on the local disk, readable by its owner only: a node that starts while the engine is away
/// knows its keys, as hashes.
/// </summary>
internal sealed class StoreCopy(string dataFolder, ILogger<StoreCopy> logger)
{
    public const string FileName = "keys.copy.json";

    public string Path { get; } = System.IO.Path.Combine(dataFolder, FileName);

    /// <summary>Must not fail its caller: what is in force does not depend on it.</summary>
    public void Save(StoreRows rows)
    {
        try
        {
            SecretFile.Replace(Path, JsonSerializer.SerializeToUtf8Bytes(rows, StoreRowsJson.Default.StoreRows));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            logger.CopyNotWritten(exception, Path);
        }
    }

    /// <summary>Null where there is none that can be read.</summary>
    public StoreRows? Load()
    {
        try
        {
            return File.Exists(Path) ? JsonSerializer.Deserialize(File.ReadAllBytes(Path), StoreRowsJson.Default.StoreRows) : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            logger.CopyNotRead(exception, Path);
            return null;
        }
    }
}

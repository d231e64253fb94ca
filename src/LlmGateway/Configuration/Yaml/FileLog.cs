using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Configuration.Yaml;

/// <summary>What a file was when it was read.</summary>
/// <param name="Sha256">In hexadecimal; empty when it could not be read.</param>
/// <param name="Secret">It holds a secret, of which not even the hash is shown.</param>
internal readonly record struct FileMark(string Sha256, bool Secret);

/// <summary>Reads files and keeps what each was made of, so that a later change of any of them can be seen.</summary>
internal sealed class FileLog
{
    /// <summary>No configuration written by people comes near this; a device or a log file given by mistake does.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private readonly SortedDictionary<string, FileMark> _marks = new(StringComparer.Ordinal);

    /// <summary>Every file that was asked for, by full path.</summary>
    public IReadOnlyDictionary<string, FileMark> Marks => _marks;

    /// <summary>The text of a file, or null and why not.</summary>
    public string? Read(string fullPath, bool secret, out string failure)
    {
        var bytes = TryRead(fullPath, out failure);
        _marks[fullPath] = new FileMark(Hash(bytes), secret);
        if (bytes is null)
        {
            return null;
        }

        try
        {
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException)
        {
            failure = "it is not UTF-8 text";
            return null;
        }
    }

    /// <summary>Whether any of the files is different now.</summary>
    public static bool Differ(IReadOnlyDictionary<string, FileMark> files) => files.Any(file => Hash(TryRead(file.Key, out _)) != file.Value.Sha256);

    private static string Hash(byte[]? bytes) => bytes is null ? "" : Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[]? TryRead(string fullPath, out string failure)
    {
        failure = "";
        try
        {
            using var stream = new FileStream(fullPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var buffer = new byte[16 * 1024];
            var content = new MemoryStream();
            while (content.Length <= MaxBytes)
            {
                var read = stream.Read(buffer);
                if (read == 0)
                {
                    return content.ToArray();
                }

                content.Write(buffer, 0, read);
            }

            failure = $"it is larger than {MaxBytes / 1024 / 1024} MB";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            failure = unreadable switch
            {
                FileNotFoundException or DirectoryNotFoundException => "it does not exist",
                UnauthorizedAccessException => "access is denied or it is a folder",
                _ => "an input or output error",
            };
        }

        return null;
    }
}

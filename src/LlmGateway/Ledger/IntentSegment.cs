using System.IO.MemoryMappedFiles;
using LlmGateway.Storage;

namespace LlmGateway.Ledger;

/// <summary>
/// One memory-mapped file of slots. The kernel keeps what was stored in it when the process is killed. A segment that attempts use is
/// unmapped by the garbage collector, when no slot is reachable any more: a late <c>Received</c> must never meet memory that is gone.
/// </summary>
internal sealed unsafe class IntentSegment : IDisposable
{
    private const ulong Magic = 0x31544E_45544E49; // "INTENT1" in the file
    private const int SlotsAt = 8;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;

    private IntentSegment(string path, FileStream stream)
    {
        Path = path;
        _file = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        _view = _file.CreateViewAccessor(0, stream.Length);
        _start = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle();
    }

    public string Path { get; }

    /// <summary>How many slots it has.</summary>
    public int Count => *(int*)(_start + SlotsAt);

    public SlotMemory this[int index] => new(_start + ((long)(index + 1) * SlotMemory.Size));

    /// <summary>Makes a file of free slots.</summary>
    /// <exception cref="IOException">Among others when the disk is full.</exception>
    public static IntentSegment Create(string path, int count)
    {
        var size = (long)(count + 1) * SlotMemory.Size;

        // The blocks are reserved now: a store into a mapped hole of a full disk would kill the process (SIGBUS).
        var stream = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            PreallocationSize = size,
            BufferSize = 0,
        });
        try
        {
            stream.SetLength(size);
            var segment = new IntentSegment(path, stream);
            *(int*)(segment._start + SlotsAt) = count;
            Volatile.Write(ref *(ulong*)segment._start, Magic);
            return segment;
        }
        catch
        {
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens what an earlier process left; null for a file that it had not finished making, which holds no attempt.</summary>
    public static IntentSegment? Open(string path)
    {
        var stream = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            if (stream.Length < SlotMemory.Size)
            {
                stream.Dispose();
                return null;
            }

            var segment = new IntentSegment(path, stream);
            var magic = *(ulong*)segment._start;
            if (magic == 0)
            {
                return null;
            }

            if (magic != Magic || (long)(segment.Count + 1) * SlotMemory.Size > stream.Length)
            {
                throw new StorageException($"{path} was not written by this version of the gateway: start the version that wrote it once, then this one");
            }

            return segment;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps it. Only where no slot of it is in anybody's hands.</summary>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}

using System.Globalization;
using System.IO.Compression;

namespace LlmGateway.LoadTests.Day;

/// <summary>Reads and writes arrivals as gzipped CSV: <c>second,input,output,stream,conversation</c>.</summary>
internal static class ArrivalTrace
{
    private const string Header = "second,input,output,stream,conversation";

    public static string DefaultPath => Path.Combine(AppContext.BaseDirectory, "Day", "arrivals.csv.gz");

    public static Arrival[] Read(string path)
    {
        using var file = File.OpenRead(path);
        return Read(file);
    }

    public static Arrival[] Read(Stream compressed)
    {
        using var reader = new StreamReader(new GZipStream(compressed, CompressionMode.Decompress));
        if (reader.ReadLine() != Header)
        {
            throw new InvalidDataException($"Arrivals begin with the line '{Header}'.");
        }

        var arrivals = new List<Arrival>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split(',');
            arrivals.Add(new Arrival(
                double.Parse(cells[0], CultureInfo.InvariantCulture), Whole(cells[1]), Whole(cells[2]), cells[3] == "1", Whole(cells[4])));
        }

        return [.. arrivals];
    }

    public static void Write(IEnumerable<Arrival> arrivals, Stream compressed)
    {
        using var writer = new StreamWriter(new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach (var (second, input, output, stream, conversation) in arrivals)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{second:0.0},{input},{output},{(stream ? 1 : 0)},{conversation}"));
        }
    }

    private static int Whole(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);
}

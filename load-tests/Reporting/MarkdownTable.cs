using System.Text;

namespace LlmGateway.LoadTests.Reporting;

/// <summary>A table whose first column is text and whose others are figures; padded, so that it reads in a terminal too.</summary>
internal sealed class MarkdownTable(params string[] headers)
{
    private readonly List<string[]> _rows = [];

    public MarkdownTable Row(params string[] cells)
    {
        _rows.Add(cells.Length == headers.Length
            ? Array.ConvertAll(cells, cell => cell.Replace("|", "\\|"))
            : throw new ArgumentException($"{cells.Length} cells, {headers.Length} columns."));
        return this;
    }

    public override string ToString()
    {
        var widths = headers.Select((header, column) => _rows.Select(row => row[column].Length).Append(header.Length).Append(3).Max()).ToArray();
        var text = new StringBuilder();
        Write(text, headers, widths);
        Write(text, widths.Select((width, column) => column == 0 ? new string('-', width) : new string('-', width - 1) + ':').ToArray(), widths);
        foreach (var row in _rows)
        {
            Write(text, row, widths);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, string[] cells, int[] widths)
    {
        for (var column = 0; column < cells.Length; column++)
        {
            text.Append("| ").Append(column == 0 ? cells[column].PadRight(widths[column]) : cells[column].PadLeft(widths[column])).Append(' ');
        }

        text.Append("|\n");
    }
}

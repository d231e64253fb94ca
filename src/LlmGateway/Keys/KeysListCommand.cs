using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace LlmGateway.Keys;

internal static class KeysListCommand
{
    public static Command Create(Func<ParseResult, KeysCommandContext> open, TimeProvider time)
    {
        var tenant = new Option<string?>("--tenant") { Description = "Only keys of this tenant." };
        var all = new Option<bool>("--all") { Description = "Revoked keys too." };
        var format = new Option<string>("--format") { Description = "table or json.", DefaultValueFactory = static _ => "table" };
        format.AcceptOnlyFromAmong("table", "json");
        var command = new Command("list", "List keys, without their secrets.") { tenant, all, format };
        command.Does(parsed =>
        {
            var lines = Lines(open(parsed), parsed.GetValue(tenant), parsed.GetValue(all), time.GetUtcNow());
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(format) == "json")
            {
                WriteJson(output, lines);
            }
            else
            {
                WriteTable(output, lines);
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<KeyLine> Lines(KeysCommandContext context, string? tenant, bool all, DateTimeOffset now)
    {
        var configured = context.Snapshot.Keys.Where(key => (tenant ?? key.Tenant) == key.Tenant);
        var stored = context.Store.List(new KeyQuery(tenant, null, all, After: 0, Limit: int.MaxValue));
        return configured.Select(key => new KeyLine(key.ToVirtualKey(), "configuration", key.StatusAt(now), null, null)).Concat(
            stored.Select(record => new KeyLine(record.Key, "store", record.StatusAt(now), record.Hint, record.CreatedAt)));
    }

    private static void WriteTable(TextWriter output, IEnumerable<KeyLine> lines)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("id", "tenant", "project", "name", "status", "secret", "expires", "routes");
        foreach (var line in lines)
        {
            var key = line.Key;
            table.AddRow(
                new Text(key.Id), new Text(key.Tenant), new Text(key.Project), new Text(key.Name), new Text(line.Status),
                new Text(line.Hint ?? line.Origin), new Text(Time(key.ExpiresAt) ?? "never"), new Text(key.Routes.Count == 0 ? "*" : string.Join(", ", key.Routes)));
        }

        // A file or a pipe has no width: each key keeps to one line there, for grep.
        console.Profile.Width = Console.IsOutputRedirected ? 500 : console.Profile.Width;
        console.Write(table);
    }

    private static void WriteJson(TextWriter output, IEnumerable<KeyLine> lines)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartArray();
            foreach (var line in lines)
            {
                Write(json, line);
            }

            json.WriteEndArray();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    private static void Write(Utf8JsonWriter json, KeyLine line)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, line.Key.Id);
        json.WriteString("origin"u8, line.Origin);
        json.WriteString("tenant"u8, line.Key.Tenant);
        json.WriteString("project"u8, line.Key.Project);
        json.WriteString("name"u8, line.Key.Name);
        json.WriteString("status"u8, line.Status);
        json.WriteString("hint"u8, line.Hint);
        json.WriteString("expires_at"u8, Time(line.Key.ExpiresAt));
        json.WriteString("created_at"u8, Time(line.CreatedAt));
        json.WritePropertyName("routes"u8);
        JsonSerializer.Serialize(json, [.. line.Key.Routes], KeyRowJson.Default.StringArray);
        json.WritePropertyName("tags"u8);
        JsonSerializer.Serialize(json, new(line.Key.Tags), KeyRowJson.Default.DictionaryStringString);
        json.WriteEndObject();
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private sealed record KeyLine(VirtualKey Key, string Origin, string Status, string? Hint, DateTimeOffset? CreatedAt);
}

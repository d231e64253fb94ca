using LlmGateway.Configuration;

namespace LlmGateway.Tests.Configuration;

public sealed class SchemaTests
{
    [Fact]
    public void The_schema_that_is_checked_in_is_the_one_of_the_records()
    {
        var checkedIn = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "config", "gateway.schema.json"));
        Assert.True(
            ConfigSchema.Generate() == checkedIn,
            "config/gateway.schema.json is not current: dotnet run --project src/LlmGateway -- check --schema > config/gateway.schema.json");
    }

    [Fact]
    public void Every_shipped_file_names_the_schema_in_its_first_line()
    {
        var files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "config"), "*.yaml");
        Assert.True(files.Length >= 6);
        files = [.. files.Where(file => Path.GetFileName(file) != "compose.yaml")];
        Assert.All(files, file => Assert.Equal("# yaml-language-server: $schema=gateway.schema.json", File.ReadLines(file).First()));
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace LlmGateway.Tests;

public sealed class DependencyTests
{
    private const string Gateway = "src/LlmGateway/";

    [Fact]
    public void Folders_depend_on_one_another_as_the_design_says()
    {
        // Files directly in src/LlmGateway are the composition root: they may use everything.
        var broken = SourceTree.Files(Gateway)
            .Select(file => (Parts: file.Path[Gateway.Length..].Split('/'), file.Path, file.Text))
            .Where(file => file.Parts.Length > 1)
            .SelectMany(file => DependencyChecker.Check(file.Parts[0], file.Path, file.Text));
        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_is_in_the_table() =>
        Assert.Empty(SourceTree.Files(Gateway)
            .Select(file => file.Path[Gateway.Length..].Split('/'))
            .Where(parts => parts.Length > 1)
            .Select(parts => parts[0])
            .Distinct()
            .Except(DependencyTable.Folders));

    [Theory]
    [InlineData("LlmGateway.Protocols")]
    [InlineData("LlmGateway.Simulator")]
    public void The_libraries_reference_nothing_of_ours(string project)
    {
        Assert.Empty(References(project));
        var named = SourceTree.Files($"src/{project}")
            .SelectMany(file => Regex.Matches(file.Text, @"^\s*(?:global )?using .*\b(LlmGateway\.\w+)", RegexOptions.Multiline)
                .Select(match => (file.Path, Name: match.Groups[1].Value)));
        Assert.DoesNotContain(named, use => use.Name != project);
    }

    [Fact]
    public void The_gateway_references_the_libraries_and_imports_nothing_of_ours_for_all_files()
    {
        Assert.Equal(["LlmGateway.Protocols", "LlmGateway.Simulator"], References("LlmGateway").Order());
        Assert.DoesNotContain(
            Project("LlmGateway").Descendants("Using"),
            use => use.Attribute("Include")?.Value.StartsWith("LlmGateway", StringComparison.Ordinal) is true);
    }

    [Theory]
    [InlineData("Catalog", "using LlmGateway.Gateway;", "Catalog may not use Gateway")]
    [InlineData("Catalog", "global using LlmGateway.Catalog;", "a global using hides")]
    [InlineData("Storage", "using static LlmGateway.Requests.RequestReader;", "Storage may not use Requests")]
    [InlineData("Storage", "using R = global::LlmGateway.Requests.RequestReader;", "Storage may not use Requests")]
    [InlineData("Storage", "var x = new LlmGateway.Requests.RequestRoom();", "Storage may not use Requests")]
    [InlineData("Storage", "var x = new Requests.RequestRoom();", "Storage may not use Requests")]
    [InlineData("Reports", "using LlmGateway.Gateway;", "Reports may not use Gateway")]
    [InlineData("Gateway", "using LlmGateway.Admin;", "Gateway may not use Admin")]
    [InlineData("Gateway", "using LlmGateway.Simulator;", "Gateway may not use Simulator")]
    [InlineData("Elsewhere", "using LlmGateway.Gateway;", "not in the table")]
    [InlineData("Keys", "using LlmGateway.Requests;\nRequestReader.TryRead();", "RequestReader cannot be reached")]
    [InlineData("Keys", "var x = Requests.RequestReader.MaxDepth;", "RequestReader cannot be reached")]
    [InlineData("Keys", "namespace LlmGateway.Requests;", "begins with LlmGateway.Keys")]
    public void What_breaks_the_table_is_found(string folder, string code, string rule)
    {
        var broken = Assert.Single(DependencyChecker.Check(folder, "some/File.cs", "\n" + code));
        Assert.StartsWith("some/File.cs:", broken);
        Assert.Contains(rule, broken);
    }

    [Theory]
    [InlineData("Catalog", "using LlmGateway.Configuration;\nusing LlmGateway.Protocols.Errors;\nnamespace LlmGateway.Catalog;")]
    [InlineData("Catalog", "// using LlmGateway.Gateway;\n/// <see cref=\"LlmGateway.Gateway.Exchange\"/>")]
    [InlineData("Catalog", "var name = \"LlmGateway.Requests\"; /* LlmGateway.Gateway */")]
    [InlineData("Catalog", "var count = snapshot.Keys.Count + Keys.Count;")]
    [InlineData("Ledger", "using LlmGateway.Upstream;\nvar source = UsageSource.Measured;")]
    [InlineData("Upstream", "using LlmGateway.Requests;\nOutgoingBody body = exchange.Request.For(deployment, true);")]
    [InlineData("Gateway", "using LlmGateway.Requests;\nRequestReader.TryRead();")]
    [InlineData("Admin", "using LlmGateway.Reports;")]
    public void What_keeps_to_the_table_passes(string folder, string code) =>
        Assert.Empty(DependencyChecker.Check(folder, "some/File.cs", code));

    private static XDocument Project(string project) => XDocument.Load(Path.Combine(SourceTree.Root, "src", project, $"{project}.csproj"));

    private static IEnumerable<string> References(string project) =>
        Project(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));
}

using System.Net;
using System.Text;
using LlmGateway.Caching.Semantic.Lasting;
using LlmGateway.FunctionalTests.Admin;
using LlmGateway.FunctionalTests.Hosting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace LlmGateway.FunctionalTests.Caching;

/// <summary>Without Redis, what is known by meaning outlives the gateway in its data folder, and nothing that was forgotten comes back with it.</summary>
public sealed class SemanticRestartTests : IDisposable
{
    private readonly TestConfiguration _configuration = CachingGateway.Configuration(Meaning.Serving);

    private string CacheFile => Path.Combine(_configuration.DataFolder, "cache.db");

    public void Dispose() => _configuration.Dispose();

    [Fact]
    public async Task What_was_learned_is_served_after_a_restart_and_is_not_to_be_read_on_disk()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
            Assert.Equal((HttpStatusCode.OK, "semantic"), Short(await gateway.AskAsync(Meaning.Bread, 1000)));
        }

        await using var again = await CachingGateway.StartAsync(_configuration);
        await again.UntilServedAsync(Meaning.Bread, 1001);
        Assert.Equal(0, again.Calls());
        await again.UntilAsync("llmgateway_semantic_restored_total", static restored => restored >= 1, "from=\"sqlite\"");
        foreach (var file in Directory.GetFiles(_configuration.DataFolder, "cache.db*"))
        {
            var bytes = await ReadAsync(file);
            Assert.Equal(-1, bytes.AsSpan().IndexOf("bread"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("acme"u8));
            Assert.Equal(-1, bytes.AsSpan().IndexOf("choices"u8));
        }
    }

    [Fact]
    public async Task What_was_purged_or_was_wrong_does_not_come_back()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
            var (_, _, id) = await gateway.AskAsync(Meaning.Spider, 0);
            await gateway.UntilAsync("llmgateway_semantic_told_total", static told => told >= 2, "change=\"add\"");
            await new AdminClient(gateway).SendAsync(HttpMethod.Delete, "cache?route=chat");

            // Learned after the purge, and wrong.
            await gateway.AskAsync(Meaning.Spider, 1);
            await gateway.AskAsync("what is the capital of france", 1);
            await gateway.UntilServedAsync(Meaning.Spider, 2);
            var (_, _, served) = await gateway.AskAsync(Meaning.Spider, 3);
            using var wrong = await gateway.PostAsync("v1/feedback", $$"""{"request_id":"{{served}}","answer":"wrong"}""");
            Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
            Assert.NotNull(id);
        }

        await using var again = await CachingGateway.StartAsync(_configuration);
        await again.UntilServedAsync("what is the capital of france", 2);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1002, only: true)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Spider, 4, only: true)).Status);
        Assert.Equal(0, again.Calls());
    }

    [Fact]
    public async Task A_purge_after_a_restart_has_what_came_over_it()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
        }

        await using (var again = await CachingGateway.StartAsync(_configuration))
        {
            await again.UntilServedAsync(Meaning.Bread, 1000);
            await new AdminClient(again).SendAsync(HttpMethod.Delete, "cache?tenant=acme");
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1001, only: true)).Status);
            await again.AskAsync(Meaning.Spider, 1);
        }

        await using var last = await CachingGateway.StartAsync(_configuration);
        await last.UntilServedAsync(Meaning.Spider, 2);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await last.AskAsync(Meaning.Bread, 1002, only: true)).Status);
    }

    [Fact]
    public async Task What_another_generation_has_learned_is_not_served()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
        }

        _configuration.Edit("exact: { ttl: 1h }, semantic", "generation: 2, exact: { ttl: 1h }, semantic");
        await using (var next = await CachingGateway.StartAsync(_configuration))
        {
            await next.ProveAsync(Meaning.Spider);
            Assert.Equal(HttpStatusCode.PreconditionFailed, (await next.AskAsync(Meaning.Bread, 1000, only: true)).Status);
        }

        _configuration.Edit("generation: 2, ", "");
        await using var back = await CachingGateway.StartAsync(_configuration);
        await back.UntilServedAsync(Meaning.Bread, 1001);
    }

    [Fact]
    public async Task With_another_secret_nothing_that_was_kept_can_be_read()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
        }

        File.Delete(Path.Combine(_configuration.DataFolder, "cache.key"));
        await using var again = await CachingGateway.StartAsync(_configuration);
        await again.ProveAsync(Meaning.Spider);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1000, only: true)).Status);
    }

    [Fact]
    public async Task A_file_that_is_locked_holds_up_no_request_and_gets_all_of_it_later()
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
            await gateway.UntilAsync("llmgateway_semantic_told_total", static told => told >= 1, "change=\"add\"");
            using (var holder = new SqliteConnection($"Data Source={CacheFile};Pooling=False"))
            {
                holder.Open();
                using var transaction = holder.BeginTransaction(deferred: false);
                Assert.Equal((HttpStatusCode.OK, "miss"), Short(await gateway.AskAsync(Meaning.Spider, 0)));
                await gateway.UntilAsync("llmgateway_semantic_keeping_failures_total", static failed => failed >= 1, "where=\"sqlite\"");
                Assert.Equal((HttpStatusCode.OK, "semantic"), Short(await gateway.AskAsync(Meaning.Spider, 1)));
            }

            await gateway.UntilAsync("llmgateway_semantic_told_total", static told => told >= 2, "change=\"add\"");
        }

        await using var again = await CachingGateway.StartAsync(_configuration);
        await again.UntilServedAsync(Meaning.Spider, 2);
    }

    [Fact]
    public async Task A_purge_that_cannot_be_written_takes_the_file_with_it()
    {
        using var holder = new SqliteConnection($"Data Source={CacheFile};Pooling=False");
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
            await gateway.UntilAsync("llmgateway_semantic_told_total", static told => told >= 1, "change=\"add\"");
            holder.Open();
            using var command = holder.CreateCommand();
            command.CommandText = "BEGIN IMMEDIATE";
            command.ExecuteNonQuery();
            await new AdminClient(gateway).SendAsync(HttpMethod.Delete, "cache");
        }

        await using var again = await CachingGateway.StartAsync(_configuration);
        await again.ProveAsync(Meaning.Spider);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1000, only: true)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_file_that_is_damaged_is_begun_anew_and_keeps_nobody_from_starting(bool wholly)
    {
        await using (var gateway = await CachingGateway.StartAsync(_configuration))
        {
            await gateway.ProveAsync(Meaning.Bread);
        }

        if (wholly)
        {
            await File.WriteAllBytesAsync(CacheFile, Encoding.ASCII.GetBytes(new string('x', 40_000)));
        }
        else
        {
            using var connection = new SqliteConnection($"Data Source={CacheFile};Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE questions SET question = randomblob(length(question))";
            Assert.InRange(command.ExecuteNonQuery(), 1, 1000);
        }

        await using (var again = await CachingGateway.StartAsync(_configuration))
        {
            Assert.Equal((HttpStatusCode.OK, "miss"), Short(await again.AskAsync(Meaning.Spider, 0)));
            await again.UntilAsync("llmgateway_semantic_told_total", static told => told >= 1, "change=\"add\"");
            if (!wholly)
            {
                await again.UntilAsync("llmgateway_semantic_refused_total", static refused => refused >= 1, "why=\"unreadable\"");
            }

            Assert.Equal(HttpStatusCode.PreconditionFailed, (await again.AskAsync(Meaning.Bread, 1000, only: true)).Status);
        }

        await using var last = await CachingGateway.StartAsync(_configuration);
        await last.UntilServedAsync(Meaning.Spider, 1);
    }

    [Fact]
    public async Task A_gateway_without_answers_by_meaning_makes_no_file()
    {
        using var configuration = CachingGateway.Configuration();
        await using (var gateway = await CachingGateway.StartAsync(configuration))
        {
            using var asked = await gateway.ChatAsync();
            await new AdminClient(gateway).SendAsync(HttpMethod.Delete, "cache");
            await gateway.Host.Services.GetRequiredService<ILastingShelf>().EndAsync(gateway.Host.Services.GetRequiredService<SemanticSpaces>().Current());
        }

        Assert.False(File.Exists(Path.Combine(configuration.DataFolder, "cache.db")));
    }

    private static (HttpStatusCode Status, string? Cache) Short((HttpStatusCode Status, string? Cache, string? Id) answer) => (answer.Status, answer.Cache);

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}

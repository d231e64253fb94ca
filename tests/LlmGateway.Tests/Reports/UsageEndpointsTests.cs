using System.Net;
using System.Text.Json;
using LlmGateway.Admin;
using LlmGateway.Reports;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LlmGateway.Tests.Reports;

public sealed class UsageEndpointsTests : IAsyncLifetime
{
    private readonly ReportRig _rig = new();
    private readonly WebApplication _app;
    private readonly HttpClient _client = new();

    public UsageEndpointsTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(new UsageLedger(_rig.Database, postgres: null)).AddSingleton<TimeProvider>(ReportRig.Time);
        _app = builder.Build();
        _app.MapGroup("/admin/v1").MapUsageEndpoints();
    }

    [Fact]
    public async Task Json_is_the_default()
    {
        _rig.Book(new BookedRow { Input = 7, Currency = "USD", Cost = 0.000123m, CacheSaving = 0.0000045m });
        var response = await _client.GetAsync("/admin/v1/usage?group_by=tenant,day");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(
            """
            {"from":"2026-11-01T00:00:00Z","to":"2026-12-01T00:00:00Z","group_by":["tenant","day"],"rows":[{"tenant":"acme","day":"2026-11-23","requests":1,"attempts":1,"errors":0,"cache_hits":0,"input_tokens":7,"cached_input_tokens":0,"cache_write_tokens":0,"output_tokens":0,"reasoning_tokens":0,"unpriced_attempts":0,"estimated_attempts":0,"saved_input_tokens":0,"saved_output_tokens":0,"saved_ms":0,"cost":[{"amount":"0.000123000","currency":"USD"}],"cache_saving":[{"amount":"0.000004500","currency":"USD"}],"answers_saved":[]}]}
            """,
            await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Csv_comes_as_a_file_of_any_length()
    {
        _rig.Book(Enumerable.Range(0, 5000).Select(number => new BookedRow { User = $"user-{number}" }));
        var response = await _client.GetAsync("/admin/v1/usage?group_by=user&format=csv&tenant=acme");
        Assert.Equal("text/csv", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(5001, Rfc4180.Parse(await response.Content.ReadAsStringAsync()).Count);
    }

    [Theory]
    [InlineData("from=never", "from")]
    [InlineData("group_by=colour", "group_by")]
    [InlineData("format=xml", "format")]
    public async Task A_bad_question_is_answered_with_what_is_allowed(string query, string parameter)
    {
        var response = await _client.GetAsync("/admin/v1/usage?" + query);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("error");
        Assert.Equal(("invalid_request_error", parameter, JsonValueKind.Null), (error.GetProperty("type").GetString(), error.GetProperty("param").GetString(), error.GetProperty("code").ValueKind));
        Assert.Contains(parameter, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _client.BaseAddress = new Uri(_app.Urls.First());
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        _rig.Dispose();
    }
}

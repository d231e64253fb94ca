using System.Buffers;
using System.Text;
using LlmGateway.Catalog;
using LlmGateway.Gateway;
using LlmGateway.Protocols.Errors;
using LlmGateway.Protocols.Usage;
using LlmGateway.Tests.Catalog;
using LlmGateway.Upstream;
using Microsoft.ML.Tokenizers;
using static LlmGateway.Tests.Metering.MeteringFixture;

namespace LlmGateway.Tests.Metering;

public sealed class MeteringObserverTests : IDisposable
{
    // 3 around the one message of the chat and 3 before the answer.
    private static readonly long ChatTokens = TextTokens(Exchange()) + 3 + 3;

    private static readonly PriceEntry TenAndHundred = Price.Entry(input: 10, output: 100) with { PerRequest = 1 };

    private readonly MeteringFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void The_start_names_the_price_in_force()
    {
        var exchange = Exchange(Price.Entry(from: "2026-09-10", input: 1));

        Assert.Null(_fixture.Observer.Starting(exchange, exchange.Attempt!));

        Assert.Equal("acme/one@2026-09-10", exchange.Attempt!.PriceRef);
        Assert.Equal(PriceStatus.Priced, exchange.Attempt.PriceStatus);
        Assert.Null(exchange.Attempt.Cost);
    }

    [Fact]
    public void A_price_that_begins_later_is_not_in_force()
    {
        var exchange = Exchange(Price.Entry(from: "2026-11-23T02:00:00.0000001Z", input: 1));

        Assert.Null(_fixture.Observer.Starting(exchange, exchange.Attempt!));

        Assert.Null(exchange.Attempt!.PriceRef);
        Assert.Equal(PriceStatus.Unpriced, exchange.Attempt.PriceStatus);
    }

    [Fact]
    public void A_route_may_refuse_a_deployment_without_a_price()
    {
        var error = Start(Exchange(unpriced: UnpricedRule.Refuse));

        Assert.NotNull(error);
        Assert.Equal((403, "invalid_request_error", "unpriced_deployment", Fault.Policy), (error.Status, error.Type, error.Code, error.Fault));
        Assert.Contains("'acme/one'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'chat'", error.Message, StringComparison.Ordinal);
        Assert.False(error.Retryable);
        Assert.Null(Start(Exchange(TenAndHundred, unpriced: UnpricedRule.Refuse)));
    }

    [Fact]
    public async Task Measured_usage_is_priced()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            Succeed(attempt);
            attempt.Usage = new TokenUsage(1000, 0, 0, 500, 0);
            attempt.UsageSource = UsageSource.Measured;
        });

        Assert.Equal("1.060000000 USD", attempt.Cost.ToString());
        Assert.Equal((PriceStatus.Priced, UsageSource.Measured), (attempt.PriceStatus, attempt.UsageSource));
    }

    [Fact]
    public async Task What_the_prompt_cache_took_off_is_kept_beside_the_cost()
    {
        var price = Price.Entry(input: 10, cached: 1, output: 100) with { Windows = Price.Windows("Asia/Shanghai", 2, Price.Window("09:00", "12:00")) };

        var attempt = await _fixture.RunAsync(Exchange(price), attempt =>
        {
            Succeed(attempt);
            attempt.Measured(new TokenUsage(1000, 600, 0, 50, 0));
        });

        Assert.Equal("0.010800000 USD", attempt.CacheSaving.ToString());
        Assert.Equal("0.019200000 USD", attempt.Cost.ToString());
    }

    [Theory]
    [InlineData(null, 1, 600, null)] // no price of other input to compare with
    [InlineData(10, null, 600, "0.000000000 USD")] // cached input costs as much
    [InlineData(10, 1, 0, "0.000000000 USD")]
    public async Task Nothing_is_said_to_be_saved_that_was_not(int? input, int? cached, long cachedTokens, string? saved)
    {
        var attempt = await _fixture.RunAsync(Exchange(Price.Entry(input: input, cached: cached, output: 100)), attempt =>
        {
            Succeed(attempt);
            attempt.Measured(new TokenUsage(600, cachedTokens, 0, 50, 0));
        });

        Assert.NotNull(attempt.Cost);
        Assert.Equal(saved, attempt.CacheSaving?.ToString());
    }

    [Fact]
    public async Task The_settled_reference_says_what_applied()
    {
        var price = TenAndHundred with { Windows = Price.Windows("Asia/Shanghai", 2, Price.Window("09:00", "12:00")) };

        var attempt = await _fixture.RunAsync(Exchange(price), Succeed);

        Assert.Equal("acme/one@2026-01-01;window*2", attempt.PriceRef);
    }

    [Fact]
    public async Task Measured_usage_of_a_failed_answer_is_priced_too()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            Fail(attempt, 200, ErrorClass.BadGateway);
            attempt.Accepted = true;
            attempt.Usage = new TokenUsage(1000, 0, 0, 0, 0);
            attempt.UsageSource = UsageSource.Measured;
        });

        Assert.Equal(1.01m, attempt.Cost?.Amount);
    }

    [Fact]
    public async Task An_embedding_without_completion_tokens_is_measured()
    {
        var exchange = Exchange(Price.Entry(input: 10), """{"model":"e","input":"Hello"}""", EndpointKind.Embeddings);

        var attempt = await _fixture.RunAsync(exchange, attempt =>
        {
            Succeed(attempt);
            attempt.Usage = new TokenUsage(100, 0, 0, 0, 0);
            attempt.UsageSource = UsageSource.Measured;
        });

        Assert.Equal((0.001m, PriceStatus.Priced), (attempt.Cost?.Amount, attempt.PriceStatus));
    }

    [Fact]
    public async Task An_answer_without_usage_is_counted_by_the_tokenizer()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            Succeed(attempt);
            Receive(attempt, "Hello, world!");
        });

        Assert.Equal(new TokenUsage(ChatTokens, 0, 0, 4, 0), attempt.Usage);
        Assert.Equal((PriceStatus.Estimated, UsageSource.Estimated), (attempt.PriceStatus, attempt.UsageSource));
        Assert.Equal(1m + ChatTokens * 0.00001m + 4 * 0.0001m, attempt.Cost?.Amount);
    }

    [Fact]
    public async Task Text_that_was_not_kept_is_extrapolated()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            Succeed(attempt);
            Receive(attempt, "Hello, world!");
            attempt.ReceivedTextBytes *= 10;
        });

        Assert.Equal(40, attempt.Usage.OutputTokens);
    }

    [Fact]
    public async Task An_embedding_without_usage_has_input_and_no_overhead_of_chat()
    {
        var exchange = Exchange(Price.Entry(input: 10), """{"input":"Hello, world!"}""", EndpointKind.Embeddings);

        var attempt = await _fixture.RunAsync(exchange, Succeed);

        Assert.Equal(new TokenUsage(TextTokens(exchange), 0, 0, 0, 0), attempt.Usage);
        Assert.Equal(PriceStatus.Estimated, attempt.PriceStatus);
    }

    [Fact]
    public async Task An_accepted_attempt_that_failed_without_a_word_of_answer_owes_nothing()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            attempt.Accepted = true;
            Fail(attempt, 200, ErrorClass.Timeout);
        });

        Assert.Equal(default, attempt.Usage);
        Assert.Equal((PriceStatus.Priced, UsageSource.Unknown), (attempt.PriceStatus, attempt.UsageSource));
        Assert.Equal(0m, attempt.Cost!.Value.Amount);
    }

    [Fact]
    public async Task A_client_that_left_while_the_provider_worked_is_estimated()
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt =>
        {
            attempt.Sent = true;
            attempt.Outcome = new AttemptOutcome(AttemptResult.Cancelled, null);
        });

        Assert.Equal(new TokenUsage(ChatTokens, 0, 0, 0, 0), attempt.Usage);
        Assert.Equal(PriceStatus.Estimated, attempt.PriceStatus);
    }

    [Theory]
    [InlineData(null, ErrorClass.BadGateway)] // no connection
    [InlineData(null, ErrorClass.Timeout)]
    [InlineData(400, ErrorClass.BadRequest)]
    [InlineData(429, ErrorClass.RateLimit)]
    [InlineData(503, ErrorClass.Overloaded)]
    public async Task What_was_never_accepted_owes_nothing(int? status, ErrorClass reason)
    {
        var attempt = await _fixture.RunAsync(Exchange(TenAndHundred), attempt => Fail(attempt, status, reason));

        Assert.Equal((default, UsageSource.Unknown), (attempt.Usage, attempt.UsageSource));
        Assert.Equal((0m, PriceStatus.Priced), (attempt.Cost?.Amount, attempt.PriceStatus));
    }

    [Fact]
    public async Task Without_a_price_there_is_no_cost_whatever_happened()
    {
        var measured = await _fixture.RunAsync(Exchange(), attempt =>
        {
            Succeed(attempt);
            attempt.Usage = new TokenUsage(1000, 0, 0, 500, 0);
            attempt.UsageSource = UsageSource.Measured;
        });
        var estimated = await _fixture.RunAsync(Exchange(), Succeed);
        var failed = await _fixture.RunAsync(Exchange(), attempt => Fail(attempt, 500, ErrorClass.Overloaded));

        Assert.All([measured, estimated, failed], attempt =>
        {
            Assert.Null(attempt.Cost);
            Assert.Null(attempt.CacheSaving);
            Assert.Null(attempt.PriceRef);
            Assert.Equal(PriceStatus.Unpriced, attempt.PriceStatus);
        });
        Assert.Equal(UsageSource.Estimated, estimated.UsageSource);
    }

    [Fact]
    public async Task A_kind_of_token_without_a_rate_leaves_the_attempt_unpriced()
    {
        var attempt = await _fixture.RunAsync(Exchange(Price.Entry(input: 10)), attempt =>
        {
            Succeed(attempt);
            attempt.Usage = new TokenUsage(1000, 0, 0, 500, 0);
            attempt.UsageSource = UsageSource.Measured;
        });

        Assert.Null(attempt.Cost);
        Assert.Equal(PriceStatus.Unpriced, attempt.PriceStatus);
    }

    [Fact]
    public async Task A_body_whose_text_cannot_be_had_is_estimated_from_its_size()
    {
        var exchange = Exchange(TenAndHundred, "not JSON");

        var attempt = await _fixture.RunAsync(exchange, attempt =>
        {
            Succeed(attempt);
            Receive(attempt, "12345");
        });

        Assert.Equal(new TokenUsage(1234, 0, 0, 2, 0), attempt.Usage);
        Assert.Equal((PriceStatus.Estimated, UsageSource.Estimated), (attempt.PriceStatus, attempt.UsageSource));
    }

    private static long TextTokens(Exchange exchange)
    {
        var text = new ArrayBufferWriter<byte>();
        exchange.Request!.CopyText(text);
        return TiktokenTokenizer.CreateForEncoding("o200k_base").CountTokens(Encoding.UTF8.GetString(text.WrittenSpan));
    }

    private GatewayError? Start(Exchange exchange) => _fixture.Observer.Starting(exchange, exchange.Attempt!);
}

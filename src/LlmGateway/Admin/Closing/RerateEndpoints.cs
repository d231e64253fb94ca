using System.Text.Json;
using LlmGateway.Reports;
using LlmGateway.Reports.Closing;
using LlmGateway.Reports.Rerating;

namespace LlmGateway.Admin.Closing;

/// <summary><c>POST rerate</c>: what rows would cost at other prices; and on demand the difference is booked.</summary>
internal static class RerateEndpoints
{
    private const int LongestName = 200;

    public static async Task RerateAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var body = await AdminBody.ReadAsync(http, optional: false, "from", "to", "tenant", "deployment", "price", "prices", "book", "reference");
        var query = Query(body, services.GetRequiredService<TimeProvider>());
        var book = body.Flag("book") ?? false;
        var reference = book || body.Has("reference") ? CorrectionRequest.OneLine(body, "reference", CorrectionRequest.LongestReference) : null;
        if (body.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        if (!book)
        {
            var report = await services.GetRequiredService<Rerater>().CountAsync(query, http.RequestAborted);
            await AdminResponse.WriteAsync(http, 200, RerateView.Of(report, reference, corrections: null), ClosingViews.Default.RerateView);
            return;
        }

        await BookAsync(http, query, reference!);
    }

    private static async Task BookAsync(HttpContext http, RerateQuery query, string reference)
    {
        var services = http.RequestServices;
        var corrections = services.GetRequiredService<CorrectionBook>();
        var text = query.Write();
        if (await corrections.FindAsync(reference, http.RequestAborted) is { } found)
        {
            var again = found.Kind == BookingKind.Rerating && found.Request == text;
            await AnswerAsync(http, new BookingResult(again ? BookingChange.Repeated : BookingChange.ReferenceTaken, found), reference);
            return;
        }

        var report = await services.GetRequiredService<Rerater>().CountAsync(query, http.RequestAborted);
        if (report.Overlapping.Count > 0)
        {
            await AdminResponse.WriteAsync(http, AdminErrors.Conflict(
                "rerating_overlaps",
                $"Re-ratings were booked that have some of these rows and others as well: {string.Join(", ", report.Overlapping)}. What they booked cannot be told apart by row. "
                + "Ask for a time and filters that hold them whole."));
            return;
        }

        var lines = report.Lines(query.Now ? "re-rated at the prices of the booking" : "re-rated at the prices of the time");
        var answer = JsonSerializer.Serialize(RerateView.Of(report, reference, lines.Count), ClosingViews.Default.RerateView);
        var audit = ClosingEndpoints.Audit(services.GetRequiredService<TimeProvider>().GetUtcNow(), "rerating.book", reference, text.ReplaceLineEndings(" "));
        var draft = new BookingDraft(reference, BookingKind.Rerating, text, answer, lines, report.Ratings);
        await AnswerAsync(http, await corrections.BookAsync(draft, ClosingEndpoints.Actor, audit, http.RequestAborted), reference);
    }

    /// <summary>As it was answered the first time.</summary>
    private static async Task AnswerAsync(HttpContext http, BookingResult result, string reference)
    {
        if (CorrectionEndpoints.Refusal(result, reference) is { } refusal)
        {
            await AdminResponse.WriteAsync(http, refusal);
            return;
        }

        http.Response.StatusCode = result.Change is BookingChange.Booked ? StatusCodes.Status201Created : StatusCodes.Status200OK;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(result.Booking!.Answer!, http.RequestAborted);
    }

    private static RerateQuery Query(AdminBody body, TimeProvider time)
    {
        var (from, to) = (body.RequiredText("from"), body.RequiredText("to"));
        var (tenant, deployment, price) = (Name(body, "tenant"), Name(body, "deployment"), Name(body, "price"));
        var prices = body.Has("prices") ? body.Text("prices") : "then";
        if (prices is not ("then" or "now"))
        {
            body.Fail("prices", "'prices' must be 'then', which are those in force when an attempt started, or 'now'.");
        }

        if (body.Problem is not null)
        {
            return new RerateQuery(default, default, null, null, null, Now: false);
        }

        var range = UsageQueryReader.Read([new("from", [from]), new("to", [to])], time);
        return new RerateQuery(range.From, range.To, tenant, deployment, price, prices == "now");
    }

    private static string? Name(AdminBody body, string name) => body.Has(name) ? CorrectionRequest.OneLine(body, name, LongestName) : null;
}

using System.Globalization;
using LlmGateway.Configuration;
using LlmGateway.Gateway;
using LlmGateway.Reports.Closing;

namespace LlmGateway.Admin.Closing;

/// <summary><c>GET corrections</c>, <c>POST corrections</c>.</summary>
internal static class CorrectionEndpoints
{
    public static async Task ListAsync(HttpContext http)
    {
        var query = new AdminQuery(http, "limit", "cursor", "reference", "tenant", "period");
        var limit = query.Number("limit", otherwise: 100, minimum: 1, maximum: 1000);
        var after = 0L;
        if (query.Text("cursor") is { } cursor && !long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            query.Fail("cursor", "'cursor' must be the 'next_cursor' of the page before.");
        }

        if (query.Text("period") is { } period && !Period.TryParse(period, out _))
        {
            query.Fail("period", "A period is a month of UTC, such as '2026-11'.");
        }

        if (query.Problem is { } problem)
        {
            await AdminResponse.WriteAsync(http, problem);
            return;
        }

        var found = await http.RequestServices.GetRequiredService<CorrectionBook>().ListAsync(
            query.Text("reference"), query.Text("tenant"), query.Text("period"), after, limit + 1, http.RequestAborted);
        var more = found.Count > limit;
        var page = new CorrectionPage(
            [.. found.Take(limit).Select(CorrectionView.Of)], more, more ? found[limit - 1].Sequence.ToString(CultureInfo.InvariantCulture) : null);
        await AdminResponse.WriteAsync(http, 200, page, ClosingViews.Default.CorrectionPage);
    }

    public static async Task BookAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var (snapshot, now) = (services.GetRequiredService<ISnapshotSource>().Current, services.GetRequiredService<TimeProvider>().GetUtcNow());
        var body = await AdminBody.ReadAsync(http, optional: false, CorrectionRequest.Members);
        var request = CorrectionRequest.Read(body, snapshot, now);
        if (request is null)
        {
            await AdminResponse.WriteAsync(http, body.Problem!);
            return;
        }

        var corrections = services.GetRequiredService<CorrectionBook>();
        var (tenant, project) = (request.Line.Tenant!, request.Line.Project!);
        if (snapshot.Tenants.GetValueOrDefault(tenant)?.Projects.ContainsKey(project) != true && !await corrections.KnowsAsync(tenant, project, http.RequestAborted))
        {
            // A name that is mistyped would be corrected for ever.
            await AdminResponse.WriteAsync(http, AdminErrors.NotFound(
                $"There is no project '{project}' of a tenant '{tenant}', neither in force nor in the ledger.", "project_not_found"));
            return;
        }

        var draft = new BookingDraft(request.Reference, BookingKind.Correction, request.Text, null, [request.Line]);
        var audit = ClosingEndpoints.Audit(now, "correction.book", request.Reference, $"{request.Line.Corrects} {tenant}/{project} {request.Line.Amount}: {request.Line.Reason}");
        var result = await corrections.BookAsync(draft, ClosingEndpoints.Actor, audit, http.RequestAborted);
        if (Refusal(result, request.Reference) is { } refusal)
        {
            await AdminResponse.WriteAsync(http, refusal);
            return;
        }

        var entry = (await corrections.ListAsync(request.Reference, null, null, 0, 1, http.RequestAborted))[0];
        await AdminResponse.WriteAsync(http, result.Change is BookingChange.Booked ? 201 : 200, CorrectionView.Of(entry), ClosingViews.Default.CorrectionView);
    }

    /// <summary>Why nothing is booked; null where it is.</summary>
    public static GatewayError? Refusal(BookingResult result, string reference) => result.Change switch
    {
        BookingChange.ReferenceTaken => AdminErrors.Conflict(
            "reference_taken",
            $"The reference '{reference}' stands for something else, booked at {result.Booking!.BookedAt}. GET {AdminEndpoints.Root}/corrections?reference= shows it; take another.",
            "reference"),
        BookingChange.NoOpenPeriod => AdminErrors.Conflict("no_open_period", "The current month is closed already, so there is none to book in. Try again when the next one begins."),
        BookingChange.Overtaken => AdminErrors.Conflict("overtaken", "Another re-rating was booked meanwhile, which changes the difference. Nothing was booked: try again."),
        _ => null,
    };
}

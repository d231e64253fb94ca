using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using LlmGateway.Catalog;
using LlmGateway.Gateway;

namespace LlmGateway.Limits.Alerts;

/// <summary>What a webhook is sent: one JSON object. Times are RFC 3339 UTC, money is an amount as text beside its currency, as in the admin API.</summary>
internal static class AlertPayload
{
    // A message has quotes in it, and is for people too.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Alert alert, string id) => Write(id, alert.Type, alert.At, (Alert: alert, Message: AlertMessage.Of(alert)), static (json, state) =>
    {
        var (alert, message) = state;
        var (scope, budget) = (alert.Watched.Scope, alert.Watched.Budget);
        json.WriteString("tenant"u8, scope.Tenant);
        WriteIfAny(json, "project", scope.Project);
        WriteIfAny(json, "key_id", scope.KeyId);
        WriteBudget(json, alert, budget);
        WriteMoney(json, "spent", alert, alert.Figures.Spent);
        WriteMoney(json, "held", alert, alert.Figures.Held);
        WriteMoney(json, "left", alert, alert.Figures.Left(alert.Watched.Account.Limit));
        json.WriteStartObject("forecast"u8);
        WriteTime(json, "runs_out_at", alert.Forecast?.RunsOutAt);
        json.WriteEndObject();
        WriteAnomaly(json, alert);
        json.WriteString("message"u8, message);
    });

    public static string Of(OperatorAlert alert, string id) => Write(id, alert.Type, alert.At, alert, static (json, alert) =>
    {
        WriteIfAny(json, "tenant", alert.Tenant.Length > 0 ? alert.Tenant : null);
        WriteIfAny(json, "route", alert.Route.Length > 0 ? alert.Route : null);
        WriteIfAny(json, alert.Type is AlertTypes.Drift ? "provider" : "partition", alert.Part);
        json.WriteString("message"u8, alert.Message);
    });

    /// <summary>For trying a webhook out.</summary>
    public static string OfTest(string id, DateTimeOffset at) => Write(id, AlertTypes.Test, at, 0, static (json, _) =>
        json.WriteString("message"u8, "Somebody tries out this webhook. Nothing has happened."));

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Write<T>(string id, string type, DateTimeOffset at, T state, Action<Utf8JsonWriter, T> data)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, type);
            json.WriteString("created_at"u8, Time(at));
            json.WriteStartObject("data"u8);
            data(json, state);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(body.WrittenSpan);
    }

    private static void WriteBudget(Utf8JsonWriter json, Alert alert, Budget budget)
    {
        json.WriteStartObject("budget"u8);
        json.WriteString("name"u8, budget.Name);
        WriteMoney(json, "amount", alert, alert.Watched.Account.Limit);
        json.WriteString("period"u8, budget.Period.ToString().ToLowerInvariant());
        json.WriteString("timezone"u8, budget.TimeZone.Id);
        json.WriteBoolean("rolling"u8, budget.Rolling);
        json.WriteNumber("warn"u8, budget.Warn);
        json.WriteBoolean("stop"u8, budget.Stop);
        WriteIfAny(json, "tag", budget.Tag?.ToString());
        var period = budget.Rolling ? default : AlertPeriod.Of(alert.Watched.Account, alert.At);
        WriteTime(json, "starts_at", period.Start);
        WriteTime(json, "resets_at", period.End);
        json.WriteEndObject();
    }

    private static void WriteAnomaly(Utf8JsonWriter json, Alert alert)
    {
        if (alert.Anomaly is not { } anomaly)
        {
            return;
        }

        json.WriteStartObject("anomaly"u8);
        WriteMoney(json, "spent_last_hour", alert, anomaly.Spent);
        WriteMoney(json, "expected", alert, anomaly.Expected.Median);
        WriteMoney(json, "deviation", alert, anomaly.Expected.Deviation);
        WriteMoney(json, "threshold", alert, anomaly.Threshold);
        json.WriteString("learned_from"u8, anomaly.Expected switch
        {
            { HourOfDay: null } => "all_hours",
            { Weekend: true } => "same_hour_on_weekends",
            _ => "same_hour_on_weekdays",
        });
        json.WriteNumber("hours"u8, anomaly.Expected.Hours);
        json.WriteEndObject();
    }

    private static void WriteMoney(Utf8JsonWriter json, string name, Alert alert, long nanos)
    {
        var money = Nanos.Money(nanos, alert.Watched.Budget.Amount.Currency);
        json.WriteStartObject(name);
        json.WriteString("amount"u8, money.AmountText);
        json.WriteString("currency"u8, money.Currency.Code);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } known)
        {
            json.WriteString(name, Time(known));
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}

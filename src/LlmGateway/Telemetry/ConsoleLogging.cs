using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace LlmGateway.Telemetry;

/// <summary>Logs to standard output: a line of text, or one JSON object, a message.</summary>
internal sealed class ConsoleLogging(Stream output, TimeProvider time, bool json) : ILoggerProvider
{
    private readonly ConsoleLines _lines = new(output, time);

    public ILogger CreateLogger(string categoryName) => json ? new JsonLogger(categoryName, _lines, time) : new TextLogger(categoryName, _lines, time);

    public void Dispose() => _lines.Dispose();

    private abstract class Logger : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        /// <remarks>The filters of the factory have already asked.</remarks>
        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public abstract void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter);
    }

    /// <summary><c>2026-11-23T08:00:00.000Z INF Category[id] message</c>; an exception follows on lines of its own.</summary>
    private sealed class TextLogger(string category, ConsoleLines lines, TimeProvider time) : Logger
    {
        public override void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var message = formatter(state, exception);
            var error = exception?.ToString();
            lines.Write(time.GetUtcNow(), Short(logLevel), category, eventId.Id, message, error, logLevel >= LogLevel.Error);
        }
    }

    /// <summary><c>{"time","level","category","event","message",…the message's own members…,"exception"}</c>.</summary>
    private sealed class JsonLogger(string category, ConsoleLines lines, TimeProvider time) : Logger
    {
        public override void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var buffer = new ArrayBufferWriter<byte>(512);
            using (var json = new Utf8JsonWriter(buffer))
            {
                json.WriteStartObject();
                json.WriteString("time", time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
                json.WriteString("level", logLevel.ToString().ToLowerInvariant());
                json.WriteString("category", category);
                json.WriteNumber("event", eventId.Id);
                json.WriteString("message", formatter(state, exception));
                if (state is IEnumerable<KeyValuePair<string, object?>> members)
                {
                    foreach (var (name, value) in members)
                    {
                        WriteMember(json, name, value);
                    }
                }

                if (exception is not null)
                {
                    json.WriteString("exception", exception.ToString());
                }

                json.WriteEndObject();
            }

            buffer.Write("\n"u8);
            lines.Write(buffer.WrittenSpan, logLevel >= LogLevel.Error);
        }

        private static void WriteMember(Utf8JsonWriter json, string name, object? value)
        {
            if (name == "{OriginalFormat}")
            {
                return;
            }

            json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
            switch (value)
            {
                case null:
                    json.WriteNullValue();
                    break;
                case int number:
                    json.WriteNumberValue(number);
                    break;
                case long number:
                    json.WriteNumberValue(number);
                    break;
                case double number when double.IsFinite(number):
                    json.WriteNumberValue(number);
                    break;
                case bool flag:
                    json.WriteBooleanValue(flag);
                    break;
                default:
                    json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }
    }

    private static string Short(LogLevel level) => level switch
    {
        LogLevel.Trace => "TRC",
        LogLevel.Debug => "DBG",
        LogLevel.Information => "INF",
        LogLevel.Warning => "WRN",
        LogLevel.Error => "ERR",
        _ => "CRT",
    };
}

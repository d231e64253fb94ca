using System.Net.Sockets;
using Npgsql;

namespace LlmGateway.Storage.Postgres;

/// <summary>PostgreSQL does not answer, or not in time. The message is one line without a secret.</summary>
internal sealed class PostgresUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What an operator is told of it.</summary>
    public static PostgresUnavailableException Of(Exception error) =>
        new(error is StorageException ? error.Message : $"PostgreSQL does not answer: {Reason(error)}", error);

    /// <summary>Whether an error speaks of the server or of the way to it, so that trying again later may help without anybody's doing.</summary>
    public static bool IsOutage(Exception error) => error switch
    {
        PostgresUnavailableException => true,

        // Classes 08 connection, 53 resources, 57 operator (shutdown, cancelled), 58 system, and what the server itself calls passing.
        PostgresException postgres => postgres.IsTransient || postgres.SqlState is ['0', '8', ..] or ['5', '3' or '7' or '8', ..],
        NpgsqlException or TimeoutException or SocketException or IOException => true,
        OperationCanceledException => true,
        ObjectDisposedException => true,
        _ => false,
    };

    /// <summary>The innermost words in one line: Npgsql wraps what the socket said.</summary>
    public static string Reason(Exception error)
    {
        if (error is PostgresException postgres)
        {
            return $"{postgres.MessageText} ({postgres.SqlState})";
        }

        if (error is OperationCanceledException or TimeoutException)
        {
            return "no answer in time";
        }

        return error.InnerException is { } inner ? Reason(inner) : error.Message.ReplaceLineEndings(" ");
    }
}

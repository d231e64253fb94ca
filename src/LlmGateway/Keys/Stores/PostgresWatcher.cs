using System.Data.Common;
using LlmGateway.Storage.Postgres;
using Npgsql;

namespace LlmGateway.Keys.Stores;

/// <summary>
/// Reads what is stored in PostgreSQL at start, and again when any node announces a change, on a connection that does nothing but listen. After
/// each new connection everything is read, since nobody knows what was announced meanwhile; and from time to time without being told, in
/// case an announcement was lost on the way. A node that starts while PostgreSQL is away begins with the copy on its disk.
/// </summary>
internal sealed class PostgresWatcher(PostgresDatabase postgres, StoreKeeper keeper, TimeProvider time) : IHostedService
{
    /// <summary>
    /// How long nothing is heard before it is asked, and how long the answer is waited for before it is doubted. Together they are the time in
    /// which a key that another node makes is still unknown here when the connection has gone without a word.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>How long everything is believed to be announced.</summary>
    public static readonly TimeSpan Reread = TimeSpan.FromSeconds(10);

    /// <summary>How long a start waits for PostgreSQL where there is no copy to begin with.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private Task _listening = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (!TryRead() && !keeper.Restore() && time.GetElapsedTime(begun) < StartPatience)
        {
            await Task.Delay(FirstPause, time, cancellationToken);
        }

        _listening = Task.Run(ListenAsync, CancellationToken.None);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopping.IsCancellationRequested)
        {
            // A host whose start failed stops its services, and whoever made it may stop it again.
            await _listening;
            return;
        }

        await _stopping.CancelAsync();
        await _listening;
        _stopping.Dispose();
    }

    /// <exception cref="SecretUnusableException">This node cannot hash as the others do: it must not start.</exception>
    private bool TryRead()
    {
        try
        {
            keeper.Refresh();
            return true;
        }
        catch (Exception error) when (error is StoreUnreachableException or DbException)
        {
            keeper.Lost(error);
            return false;
        }
    }

    private async Task ListenAsync()
    {
        var pause = FirstPause;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await using var connection = await postgres.OpenAsync(_stopping.Token);
                await ExecuteAsync(connection, $"LISTEN {PostgresAdminDatabase.Channel}");
                await RefreshAsync();
                pause = FirstPause;
                await FollowAsync(connection);
            }
            catch (Exception) when (_stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever it is, the keys in memory still serve, and it is tried again.
                keeper.Lost(error);
                if (error is DbException)
                {
                    postgres.Failed(error);
                }
            }

            try
            {
                await Task.Delay(pause, time, _stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task FollowAsync(NpgsqlConnection connection)
    {
        var read = time.GetTimestamp();
        while (true)
        {
            // A connection whose other end has gone without a word looks like one on which nothing happens.
            if (await connection.WaitAsync(Patience, _stopping.Token)
                || !await ExecuteAsync(connection, "SELECT 1")
                || time.GetElapsedTime(read) >= Reread)
            {
                await RefreshAsync();
                read = time.GetTimestamp();
            }
        }
    }

    private Task<bool> RefreshAsync() => InTimeAsync(Task.Run(keeper.Refresh));

    /// <returns>False where there was doubt meanwhile, which only a reading takes away.</returns>
    private async Task<bool> InTimeAsync(Task asked)
    {
        using var answered = new CancellationTokenSource();
        var inTime = await Task.WhenAny(asked, Task.Delay(Patience, time, answered.Token)) == asked;
        await answered.CancelAsync();
        if (!inTime)
        {
            keeper.Doubt();
        }

        await asked;
        return inTime;
    }

    /// <returns>Whether it did so in time.</returns>
    private async Task<bool> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 5 };
        return await InTimeAsync(command.ExecuteNonQueryAsync(_stopping.Token));
    }
}

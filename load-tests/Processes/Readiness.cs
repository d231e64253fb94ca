namespace LlmGateway.LoadTests.Processes;

/// <summary>Waits until a child answers.</summary>
internal static class Readiness
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <exception cref="LoadTestException">It ended, or did not answer in time; with the end of its output.</exception>
    public static async Task WaitAsync(ChildProcess child, Uri url, string? key, TimeProvider time, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        var start = time.GetTimestamp();
        var last = "no answer";
        while (time.GetElapsedTime(start) < Patience)
        {
            if (child.HasExited)
            {
                throw new LoadTestException($"The {child.Name} ended before it was ready. Its last output:\n{child.LastOutput()}");
            }

            using var request = new HttpRequestMessage(HttpMethod.Get, url);
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
            try
            {
                using var response = await client.SendAsync(request, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                last = $"status {(int)response.StatusCode}";
            }
            catch (Exception exception) when (exception is HttpRequestException || !cancellationToken.IsCancellationRequested)
            {
                last = exception.Message;
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        throw new LoadTestException(
            $"The {child.Name} was not ready at {url} within {Patience.TotalSeconds} s ({last}). Its last output:\n{child.LastOutput()}");
    }
}

namespace LlmGateway.LoadTests.Day;

/// <summary>
/// Makes the day that is checked in: a quiet night, a peak in the morning and a broader one in the afternoon, bursts of batch work, and
/// conversations whose prompts grow with each turn. Lengths are log-normal: most are short, and the longest are a hundred times as long.
/// </summary>
internal static class ArrivalRecorder
{
    private const int Seed = 20261123;
    private const int Day = 86_400;
    private const int OpenConversations = 48;
    private const int LongestInput = 12_000;
    private const int LongestOutput = 2_500;

    public static List<Arrival> Record()
    {
        var random = new Random(Seed);
        var arrivals = new List<Arrival>();
        var open = new (int Id, int Context)[OpenConversations];
        var conversations = 0;
        for (var second = 0; second < Day; second++)
        {
            for (var left = Poisson(random, RateAt(second / 3600.0)); left > 0; left--)
            {
                ref var talk = ref open[random.Next(OpenConversations)];
                if (talk.Id == 0 || talk.Context > 2500 || random.NextDouble() < 0.3)
                {
                    talk = (++conversations, 0);
                }

                var input = Math.Min(talk.Context + LogNormal(random, 220, 1.1, 20, LongestInput), LongestInput);
                var output = LogNormal(random, 170, 0.95, 5, LongestOutput);
                talk.Context = input + output;
                arrivals.Add(new Arrival(second + random.Next(10) / 10.0, input, output, random.NextDouble() < 0.8, talk.Id));
            }

            // Two batches an hour by day: some dozens of requests of like length within half a minute.
            if (second is > 7 * 3600 and < 22 * 3600 && random.Next(1800) == 0)
            {
                var batch = ++conversations;
                var median = LogNormal(random, 500, 0.5, 100, 2000);
                for (var left = 15 + random.Next(40); left > 0; left--)
                {
                    arrivals.Add(new Arrival(
                        second + random.Next(300) / 10.0, LogNormal(random, median, 0.3, 20, LongestInput), LogNormal(random, 120, 0.6, 5, LongestOutput), false, batch));
                }
            }
        }

        return [.. arrivals.OrderBy(arrival => arrival.Second)];
    }

    /// <summary>Requests a second at that hour of the day.</summary>
    private static double RateAt(double hour) => 0.06 + 0.85 * Bell(hour, 10.4, 1.3) + 0.8 * Bell(hour, 15.6, 1.7) + 0.25 * Bell(hour, 20.5, 1.5);

    private static double Bell(double at, double middle, double width) => Math.Exp(-(at - middle) * (at - middle) / (2 * width * width));

    private static int Poisson(Random random, double mean)
    {
        var (count, product, limit) = (0, random.NextDouble(), Math.Exp(-mean));
        while (product > limit)
        {
            count++;
            product *= random.NextDouble();
        }

        return count;
    }

    private static int LogNormal(Random random, double median, double sigma, int least, int most)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return (int)Math.Clamp(median * Math.Exp(sigma * normal), least, most);
    }
}

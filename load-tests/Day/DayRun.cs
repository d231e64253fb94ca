using LlmGateway.Configuration;
using LlmGateway.Gateway;

namespace LlmGateway.LoadTests.Day;

/// <summary>One day under one policy. Shares nothing with any other run, so that runs may go side by side.</summary>
internal sealed class DayRun
{
    private readonly VendorModel[] _vendors;

    private DayRun(string policy, int seed, Snapshot snapshot, IReadOnlyList<Vendor> vendors)
    {
        Policy = policy;
        Time = new VirtualTime(DayWorld.Midnight);
        Gateway = new DayGateway(snapshot, Time, seed);
        Tally = new DayTally(vendors);
        _vendors = [.. vendors.Select((vendor, index) => new VendorModel(vendor, ((ulong)seed << 48) ^ ((ulong)index << 40), Time))];
    }

    public string Policy { get; }

    public VirtualTime Time { get; }

    public DayGateway Gateway { get; }

    public DayTally Tally { get; }

    public static DayFigures Play(string policy, int seed, IReadOnlyList<Arrival> arrivals, IReadOnlyList<Vendor>? vendors = null)
    {
        // Of its own: what the gateway knows of a route and a provider hangs on the objects of a Snapshot.
        var snapshot = DayGateway.Load(new VirtualTime(DayWorld.Midnight));
        var run = new DayRun(policy, seed, snapshot, vendors ?? DayWorld.Vendors);
        using var gateway = run.Gateway;
        for (var i = 0; i < arrivals.Count; i++)
        {
            var (number, arrival) = (i, arrivals[i]);
            run.Time.After(TimeSpan.FromSeconds(arrival.Second), () => new DayExchange(number, arrival, run).Start());
        }

        run.Time.Run();
        return run.Tally.Figures(policy);
    }

    /// <summary>The client of that exchange got an error.</summary>
    public void Failed(Exchange exchange) =>
        Tally.Failed(Array.Exists(_vendors, model => model.Vendor.Down?.Contains(exchange.StartedAt - DayWorld.Midnight) == true));

    public VendorModel VendorOf(string deployment) => Array.Find(_vendors, model => model.Vendor.Deployment == deployment)!;
}

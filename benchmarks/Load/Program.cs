using System.Globalization;
using Flywheel.Benchmarks.Load;

// load URL signals [COUNT]      NDJSON signals in batches of 1,000, from the first request to the last one counted
// load URL campaigns [COUNT]    that many campaigns of 3 slots x 4 modules x 5 segments, each decided and clicked
// load URL one                  the campaign that the decision benchmark asks for
if (args.Length < 2)
{
    Console.Error.WriteLine("usage: load URL signals|campaigns|one [COUNT]");
    return 2;
}
using var http = new HttpClient { BaseAddress = new Uri(args[0]), Timeout = TimeSpan.FromMinutes(5) };
var count = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 0;
switch (args[1])
{
    case "signals":
        await SignalLoad.RunAsync(http, count > 0 ? count : 1_000_000);
        return 0;
    case "campaigns":
        await CampaignLoad.RunAsync(http, count > 0 ? count : 1_000);
        return 0;
    case "one":
        await CampaignLoad.PutAsync(http, "bench");
        return 0;
    default:
        Console.Error.WriteLine($"unknown load {args[1]}");
        return 2;
}

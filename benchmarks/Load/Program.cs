using System.Globalization;
using Flywheel.Benchmarks.Load;
using Flywheel.Cli.Load;

const string Usage = """
    load URL VERB, with TOKEN_KEY=FILE the engine's token keys
      one                                 the campaign that the benchmarks ask for (3 slots x 4 modules x 5 segments)
      shape ID SLOTS MODULES SEGMENTS     one of another shape
      campaigns COUNT [evidence]          many of the first shape, with `evidence` each segment decided and clicked
      signals COUNT                       NDJSON signals in batches of 1,000, until the last is counted
      freshness SIGNALS SECONDS           from a 202 to a policy that knows it, beside that many signals a second
      latency RATE SECONDS PAIRS FOLDER   decisions at a fixed rate, without and with a storm of refits in turns
      soak DECISIONS SIGNALS SECONDS      both at fixed rates
    """;

if (args.Length < 2)
    return Refuse("");
using var http = new HttpClient { BaseAddress = new Uri(args[0]), Timeout = TimeSpan.FromMinutes(5) };
switch (args[1..])
{
    case ["one"]:
        await CampaignLoad.PutAsync(http, CampaignLoad.Bench, CampaignShape.Usual);
        return 0;
    case ["shape", var id, var slots, var modules, var segments]:
        await CampaignLoad.PutAsync(http, id, new CampaignShape(Number(slots), Number(modules), Number(segments)));
        return 0;
    case ["campaigns", var count]:
        await CampaignLoad.PutManyAsync(http, Number(count), withEvidence: false);
        return 0;
    case ["campaigns", var count, "evidence"]:
        await CampaignLoad.PutManyAsync(http, Number(count), withEvidence: true);
        return 0;
    case ["signals", var count]:
        await SignalLoad.RunAsync(http, Number(count));
        return 0;
    case ["freshness", var rate, var seconds]:
        await FreshnessLoad.RunAsync(http, Number(rate), Time(seconds));
        return 0;
    case ["latency", var rate, var seconds, var pairs, var folder]:
        await LatencyLoad.RunAsync(http, Number(rate), Time(seconds), Number(pairs), folder);
        return 0;
    case ["soak", var decisions, var signals, var seconds]:
        await SoakLoad.RunAsync(http, Number(decisions), Number(signals), Time(seconds));
        return 0;
    default:
        return Refuse(string.Join(' ', args[1..]));
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static TimeSpan Time(string seconds) => TimeSpan.FromSeconds(Number(seconds));

static int Refuse(string came)
{
    Console.Error.WriteLine($"came \"{came}\"; expected:\n{Usage}");
    return 2;
}

using Flywheel.Client;

using var http = new HttpClient { BaseAddress = new Uri(args.FirstOrDefault() ?? "http://127.0.0.1:8080") };
using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
await using var client = new FlywheelClient(http);
var headline = new Slot("headline", [Module.Text("h1", "Run lighter"), Module.Text("h2", "What your knees wish you knew")]);
await client.PutCampaignAsync("ten-lines", new Campaign { Slots = [headline] }, patience.Token);
var decision = await client.DecideAsync(new DecisionRequest("ten-lines") { Unit = "user-1" }, patience.Token);
client.Track(Signal.Impression(decision!.DecisionId));
client.Track(Signal.Click(decision.DecisionId));
await client.FlushAsync(patience.Token);
var stream = client.StreamScoresAsync("ten-lines", cancellationToken: patience.Token);
var scores = await stream.FirstAsync(scores => scores.Segments.Any(segment => segment.Reward > 0));
var served = scores.Segments[0].Slots[0].Modules.First(module => module.Id == decision.Variant["headline"].Module);
Console.WriteLine($"{served.Id}: {served.Impressions} impression, reward {served.Reward}, resonance {served.Resonance?.Mean:0}");
await client.DeleteCampaignAsync("ten-lines", patience.Token);

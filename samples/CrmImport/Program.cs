using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Flywheel.Client;

// Reads a CRM's export and tells the engine what came of its decisions. An order has the decision that led to it, kept with the lead; a mailing,
// which another system sent, has the campaign and the headline instead. Run it as often as you like: each id counts once.
if (args is not [var file, ..])
{
    Console.Error.WriteLine("usage: CrmImport EXPORT.csv [http://127.0.0.1:8080]; columns: id,decision,campaign,segment,headline,type,count,value,time");
    return 2;
}
try
{
    return await ImportAsync(file, args.ElementAtOrDefault(1));
}
// No file, columns that are missing or hold something else, no address, an engine that is away or refuses.
catch (Exception e) when (e is IOException or UnauthorizedAccessException or CsvHelperException or UriFormatException or FlywheelException)
{
    Console.Error.WriteLine($"CrmImport: {e.Message}");
    return 2;
}

static async Task<int> ImportAsync(string file, string? engine)
{
    using var http = new HttpClient { BaseAddress = new Uri(engine ?? "http://127.0.0.1:8080") };
    if (Environment.GetEnvironmentVariable("FLYWHEEL_KEY") is { Length: > 0 } key)
        http.DefaultRequestHeaders.Authorization = new("Bearer", key);
    await using var client = new FlywheelClient(http);
    using var csv = new CsvReader(new StreamReader(file), new CsvConfiguration(CultureInfo.InvariantCulture) { PrepareHeaderForMatch = header => header.Header.ToUpperInvariant() });

    var (accepted, rejected, line) = (0, 0, 2);
    foreach (var rows in csv.GetRecords<Row>().Chunk(1_000))
    {
        var receipt = await client.SendAsync([.. rows.Select(row => row.ToSignal())]);
        accepted += receipt.Accepted;
        rejected += receipt.Rejected.Count;
        foreach (var refused in receipt.Rejected)
            Console.Error.WriteLine($"line {line + refused.Index}: {refused.Error}");
        line += rows.Length;
    }
    Console.WriteLine($"{accepted} accepted, {rejected} rejected");
    return rejected == 0 ? 0 : 1;
}

/// <param name="Id">The order or mailing, as the CRM calls it.</param>
/// <param name="Decision">The decision id that was kept with the lead; nothing for what another system served.</param>
/// <param name="Campaign">With the three after it, what the other system served; nothing where there is a decision.</param>
internal sealed record Row(string Id, string? Decision, string? Campaign, string? Segment, string? Headline, string Type, long? Count, double? Value, DateTimeOffset? Time)
{
    public Signal ToSignal() => string.IsNullOrEmpty(Decision)
        ? Signal.Observed($"crm-{Id}", Type, Campaign!, Segment!, new Dictionary<string, string> { ["headline"] = Headline! }, Count ?? 1, "owned") with { Value = Value, Time = Time }
        : Signal.Conversion(Decision, $"crm-{Id}", Value) with { Type = Type, Time = Time };
}

using System.Globalization;
using Flywheel.Benchmarks.Stores;
using Flywheel.Signals.Redis;
using Flywheel.Signals.Sqlite;

// Stores <signals> <rounds> <name>=<connection string> ...: the embedded store and each Redis in turns, the first round to warm up.
var (signals, rounds) = (int.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
var requests = CountingLoad.Build(signals);
var stores = new List<(string Name, Func<Task<double>> RunAsync)> { ("sqlite", RunOnSqliteAsync) };
foreach (var pair in args.Skip(2).Select(argument => argument.Split('=', 2)))
    stores.Add((pair[0], () => RunOnRedisAsync(pair[1])));
var rates = stores.ToDictionary(store => store.Name, _ => new List<double>());
for (var round = 0; round <= rounds; round++)
{
    foreach (var (name, runAsync) in stores)
    {
        var rate = await runAsync();
        Console.WriteLine($"  {(round == 0 ? "warm-up" : round)}: {name} {rate:F0} signals a second");
        if (round > 0)
            rates[name].Add(rate);
    }
}
foreach (var (name, _) in stores.Skip(1))
{
    var ratios = rates[name].Zip(rates["sqlite"], (redis, sqlite) => redis / sqlite).Order().ToList();
    Console.WriteLine($"  {name} / sqlite: median {ratios[ratios.Count / 2]:F2} ({ratios[0]:F2} to {ratios[^1]:F2})");
}

async Task<double> RunOnSqliteAsync()
{
    var folder = Directory.CreateTempSubdirectory("flywheel-stores-");
    try
    {
        await using var database = SqliteDatabase.Open(Path.Combine(folder.FullName, "flywheel.db"), SqliteSignalStore.Schema);
        return await CountingLoad.RunAsync(await SqliteSignalStore.OpenAsync(database, CountingLoad.Partitions, TimeProvider.System), requests);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
}

async Task<double> RunOnRedisAsync(string connection)
{
    await using var database = await RedisDatabase.ConnectAsync(connection, $"bench-{Guid.NewGuid():n}:");
    await using var store = await RedisSignalStore.OpenAsync(database, CountingLoad.Partitions, TimeProvider.System);
    return await CountingLoad.RunAsync(store, requests);
}

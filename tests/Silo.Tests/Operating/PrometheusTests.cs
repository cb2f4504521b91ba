using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Flywheel.Silo.Tests.Operating;

/// <summary>Every panel's and every alert's expression, asked of a real Prometheus that watches a real silo under load.</summary>
public sealed partial class PrometheusTests(WatchedEngine watched) : IClassFixture<WatchedEngine>
{
    /// <summary>What Grafana puts in for its variables; the engine is scraped every second here.</summary>
    private static readonly (string Name, string Value)[] Variables = [("$__rate_interval", "10s"), ("$campaign", ".*")];

    public static TheoryData<string, string, string> Panels
    {
        get
        {
            var all = new TheoryData<string, string, string>();
            foreach (var file in Directory.GetFiles(Repository.File("deploy/grafana"), "*.json").Order(StringComparer.Ordinal))
            {
                foreach (var panel in JsonNode.Parse(File.ReadAllText(file))!["panels"]!.AsArray().Where(panel => panel!["type"]!.GetValue<string>() != "row"))
                {
                    foreach (var target in panel!["targets"]!.AsArray())
                        all.Add(Path.GetFileNameWithoutExtension(file), $"{panel["title"]} {target!["refId"]}", target["expr"]!.GetValue<string>());
                }
            }
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Panels))]
    public async Task Panel_UnderLoad_ReturnsFigures(string board, string panel, string expression)
    {
        var asked = Variables.Aggregate(expression, (text, variable) => text.Replace(variable.Name, variable.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("$", asked, StringComparison.Ordinal);

        await Eventually.ReadsAsync(
            () => watched.Prometheus.QueryAsync(asked), result => result.Any(series => series!["value"]![1]!.GetValue<string>() != "NaN"),
            $"figures of {board}, {panel}: {asked}", result => result.ToJsonString());
    }

    /// <summary>An alert that does not fire returns nothing, so what it is made of has to be there.</summary>
    [Fact]
    public async Task Alerts_UnderLoad_AreMadeOfSeriesThatAreThere()
    {
        var rules = await Eventually.ReadsAsync(watched.Prometheus.RulesAsync, rules => rules.All(rule => Text(rule, "health") != "unknown"), "rules that were evaluated");

        Assert.True(rules.Length > 15, $"Expected all alerts; came {rules.Length}.");
        foreach (var rule in rules)
        {
            Assert.True(Text(rule, "health") == "ok", $"{Text(rule, "name")}: {rule["lastError"]}");
            var selectors = Selector().Matches(Text(rule, "query")).Select(match => match.Value).ToList();
            Assert.NotEmpty(selectors);
            foreach (var selector in selectors)
                await Eventually.ReadsAsync(() => watched.Prometheus.QueryAsync(selector), result => result.Count > 0, $"series of {selector}, which {Text(rule, "name")} asks for");
        }
    }

    /// <summary>Load as this is no reason for any alert.</summary>
    [Fact]
    public async Task Alerts_OfAHealthyEngine_AreQuiet() =>
        Assert.All(await watched.Prometheus.RulesAsync(), rule => Assert.True(Text(rule, "state") == "inactive", rule.ToJsonString()));

    private static string Text(JsonNode node, string member) => node[member]!.GetValue<string>();

    [GeneratedRegex(@"\b(flywheel_\w+|process_\w+|up)\b(\{[^}]*\})?")]
    private static partial Regex Selector();
}

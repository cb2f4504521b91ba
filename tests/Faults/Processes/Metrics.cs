using System.Globalization;

namespace Flywheel.Faults.Processes;

/// <summary>What <c>/metrics</c> says.</summary>
internal static class Metrics
{
    /// <summary>The sum of a metric over its labels; null where it is not there.</summary>
    /// <param name="silo">Whose.</param>
    /// <param name="name">The metric.</param>
    /// <param name="label">Counts only what has this label, such as <c>outcome="counted"</c>.</param>
    public static async Task<double?> ReadAsync(SiloProcess silo, string name, string label = "")
    {
        var text = await silo.Http.GetStringAsync("metrics", TestContext.Current.CancellationToken);
        double? sum = null;
        foreach (var line in text.Split('\n'))
        {
            var isIt = line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is '{' or ' ';
            if (isIt && line.Contains(label, StringComparison.Ordinal))
                sum = (sum ?? 0) + double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }
        return sum;
    }
}

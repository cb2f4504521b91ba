using System.Text.Json;
using System.Text.Json.Nodes;

namespace Flywheel.Faults.Processes;

/// <summary>What <c>/health/ready</c> says.</summary>
internal static class Health
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    /// <summary>The status where it is 200: ready or degraded; null where it is not, or nothing came within a second.</summary>
    public static async Task<string?> ReadAsync(SiloProcess silo)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        try
        {
            using var answer = await silo.Http.GetAsync("health/ready", timeout.Token);
            var body = await answer.Content.ReadAsStringAsync(timeout.Token);
            return answer.IsSuccessStatusCode ? JsonNode.Parse(body)?["status"]?.GetValue<string>() : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException or JsonException)
        {
            return null;
        }
    }
}

using Flywheel.Decisions;
using Flywheel.Signals;
using StackExchange.Redis;

namespace Flywheel.Silo.Hosting;

/// <summary>Takes over the keys of the decision tokens as they change, and has the next one sign once its time has come.</summary>
internal sealed partial class TokenKeyRotation(IEngineStore store, TokenKeys keys, TimeProvider time, ILogger<TokenKeyRotation> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                keys.Replace(TokenKeyFile.Read(await store.ReadKeysAsync(stoppingToken), time.GetUtcNow()));
                _told = null;
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or StartupException or StoreUnavailableException or RedisException or TimeoutException)
            {
                // Redis being away is told elsewhere, and every failure once.
                if (e is not (RedisException or TimeoutException) && _told != e.Message)
                    LogNotTaken(e.Message);
                _told = e.Message;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The token keys cannot be read again; those that are known hold on: {Why}")]
    private partial void LogNotTaken(string why);
}

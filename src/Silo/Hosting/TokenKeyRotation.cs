using Flywheel.Decisions;
using Flywheel.Domain.Access;
using Flywheel.Signals;
using StackExchange.Redis;

namespace Flywheel.Silo.Hosting;

/// <summary>Takes over the keys of the decision tokens as they change, and has the next one sign once its time has come.</summary>
internal sealed partial class TokenKeyRotation(IEngineStore store, TokenKeys keys, TimeProvider time, ILogger<TokenKeyRotation> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private IReadOnlyList<TokenKeyLine>? _lines;
    private string? _told;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _lines = TokenKeyDocument.Read(await store.ReadKeysAsync(stoppingToken));
                Take(_lines);
                _told = null;
            }
            catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException or StartupException or StoreUnavailableException or RedisException or TimeoutException)
            {
                // Redis being away is told elsewhere, and every failure once.
                if (e is not (RedisException or TimeoutException) && _told != e.Message)
                    LogNotTaken(e.Message);
                _told = e.Message;
                // What is known already says when the next one signs: nobody believes the one before beyond that.
                if (_lines is not null)
                    Take(_lines);
            }
        }
    }

    private void Take(IReadOnlyList<TokenKeyLine> lines) => keys.Replace(TokenKeyFile.InOrder(lines, time.GetUtcNow()), TokenKeyDocument.Periods(lines));

    [LoggerMessage(Level = LogLevel.Error, Message = "The token keys cannot be read again; those that are known hold on: {Why}")]
    private partial void LogNotTaken(string why);
}

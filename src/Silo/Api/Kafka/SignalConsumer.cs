using Confluent.Kafka;
using Flywheel.Signals;
using Flywheel.Silo.Hosting;
using Flywheel.Silo.Metrics;

namespace Flywheel.Silo.Api.Kafka;

/// <summary>
/// Reads signals from topics into the log. Each batch of a partition is one append (see <see cref="BatchTaker"/>) that goes on from where the log has the
/// partition, and is refused where it has moved: so each message is in the log once, whoever else reads it and whenever a process ends. On a failure, and
/// while nothing can be taken, the consumer lets go of what it has read, stays in its group, and begins again from the log. What concerns one
/// partition alone holds up none of the others: see <see cref="Assignment"/>.
/// </summary>
internal sealed partial class SignalConsumer(
    KafkaSettings settings, BatchTaker taker, ISourceLog log, ISignalStore store, SignalAppender appender, Readiness readiness, KafkaMetrics metrics, TimeProvider time, ILogger<SignalConsumer> logger)
    : BackgroundService
{
    private const int MaxMessages = 1_000;
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan PollFor = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OpeningPollFor = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Assignment _assignment = new(new SourceOpener(settings, log, metrics, logger), metrics, time);
    private bool _hasJoined;
    private Hold _failure;
    private long _failedAt;
    private long _generation;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts what comes after without waiting for brokers.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // A fatal error of the client, or one that nobody thought of: another client begins again from the log.
                LogStartsAgain(e);
                metrics.Failed();
                await Task.Delay(RetryAfter, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken stopping)
    {
        using var letters = settings.DeadLetters is null ? null : new DeadLetters(settings, Log);
        using var consumer = KafkaClients.Consumer(settings, Log)
            .SetPartitionsAssignedHandler((_, partitions) =>
            {
                (_hasJoined, _failure) = (true, Hold.None);
                _assignment.Replace(partitions);
                // Nothing is fetched before it is known from where.
                return [];
            })
            .SetPartitionsRevokedHandler((_, _) =>
            {
                _assignment.Replace([]);
                return [];
            })
            .SetErrorHandler((_, error) => Hear(error))
            .Build();
        _assignment.Replace([]);
        _hasJoined = false;
        consumer.Subscribe(settings.Tenants.Keys);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var watching = new LagWatch(settings, _assignment, metrics, time).RunAsync(consumer, ending.Token);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var read = Poll(consumer);
                var hold = Holds();
                // What failed holds until reading has begun again.
                metrics.Held(hold == Hold.None ? _failure : hold);
                if (hold != Hold.None || _generation != store.Generation)
                    LetGo();
                else
                    await ReadOnAsync(consumer, letters, read, ending.Token);
                _assignment.Fetch(consumer);
                _assignment.Tell();
            }
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(watching, _assignment.SettleAsync()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            consumer.Close();
        }
    }

    /// <summary>Lets go of everything that was fetched; the partitions stay this consumer's, and are read again from where the log is.</summary>
    private void LetGo()
    {
        _generation = store.Generation;
        _assignment.Close();
    }

    private async Task ReadOnAsync(IConsumer<byte[]?, byte[]?> consumer, DeadLetters? letters, List<ConsumeResult<byte[]?, byte[]?>> read, CancellationToken cancellationToken)
    {
        await Task.WhenAll(read.GroupBy(message => message.TopicPartition).Select(batch => TryAsync(() => TakeAsync(consumer, letters, batch.Key, [.. batch], cancellationToken))));
        // What has just failed is left alone for a while.
        if (Holds() == Hold.None)
            await TryAsync(() => OpenAsync(consumer, cancellationToken));
    }

    /// <summary>What has come, up to a bound; waits a little where there is nothing. Also serves the group, and so is called always.</summary>
    private List<ConsumeResult<byte[]?, byte[]?>> Poll(IConsumer<byte[]?, byte[]?> consumer)
    {
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        var bytes = 0;
        var patience = _assignment.IsOpening ? OpeningPollFor : PollFor;
        try
        {
            while (read.Count < MaxMessages && bytes < MaxBytes && consumer.Consume(patience) is { Message: { } message } result)
            {
                read.Add(result);
                bytes += message.Value?.Length ?? 0;
                patience = TimeSpan.Zero;
            }
        }
        catch (ConsumeException e) when (!e.Error.IsFatal)
        {
            Hear(e.Error);
            // What was next is gone: where to read on is found out anew, and what was missed is counted.
            if (e.Error.Code == Confluent.Kafka.ErrorCode.Local_AutoOffsetReset)
                _assignment.FindOpen(e.ConsumerRecord.TopicPartition)?.Close();
        }
        return read;
    }

    private Hold Holds()
    {
        if (store.Trouble is not null)
            return Hold.Store;
        if (!readiness.IsCurrent)
            return Hold.Campaigns;
        if (appender.IsFull)
            return Hold.Backlog;
        return _failure != Hold.None && time.GetElapsedTime(_failedAt) < RetryAfter ? _failure : Hold.None;
    }

    private async Task OpenAsync(IConsumer<byte[]?, byte[]?> consumer, CancellationToken cancellationToken)
    {
        var isToldOfSome = await _assignment.OpenAsync(consumer, cancellationToken);
        // Whether rejected signals can be sent is known once some were, and whether brokers are there once the group has answered.
        if (isToldOfSome && _failure != Hold.DeadLetters && _hasJoined)
            _failure = Hold.None;
    }

    private async Task TakeAsync(IConsumer<byte[]?, byte[]?> consumer, DeadLetters? letters, TopicPartition partition, List<ConsumeResult<byte[]?, byte[]?>> read, CancellationToken cancellationToken)
    {
        // Read before the group took the partition away, or gave it again.
        if (_assignment.FindOpen(partition) is not { } source)
            return;
        if (await taker.TakeAsync(source, letters, read, cancellationToken) && _failure == Hold.DeadLetters)
            _failure = Hold.None;
        try
        {
            consumer.StoreOffset(new TopicPartitionOffset(partition, source.Next!.Value));
        }
        catch (KafkaException)
        {
            // The group has just taken it away; where it was read up to is in the log.
        }
    }

    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (HoldException e)
        {
            Fail(e.Hold, e);
        }
        catch (Exception e) when (e is StoreUnavailableException or TimeoutException)
        {
            Fail(Hold.Store, e);
        }
    }

    private void Fail(Hold why, Exception? exception = null)
    {
        if (exception is not null)
            LogWaits(why, exception.Message);
        (_failure, _failedAt) = (why, time.GetTimestamp());
        _assignment.Close();
    }

    private void Hear(Error error)
    {
        metrics.Failed();
        LogError(error.Code, error.Reason);
        if (error.Code == Confluent.Kafka.ErrorCode.Local_AllBrokersDown)
            Fail(Hold.Brokers);
    }

    private void Log(LogMessage message)
    {
        if (message.Level <= SyslogLevel.Warning)
            LogClient(message.Message);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: {Code}: {Reason}")]
    private partial void LogError(Confluent.Kafka.ErrorCode code, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: {Message}")]
    private partial void LogClient(string message);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: reading waits ({Why}): {Reason}")]
    private partial void LogWaits(Hold why, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kafka: the consumer starts again")]
    private partial void LogStartsAgain(Exception exception);
}

using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Flywheel.Cli.Evaluate;
using Flywheel.Client;
using Flywheel.Domain.Experiments.OffPolicy;

namespace Flywheel.Cli.Replay;

/// <summary>
/// Reads a log of what was shown, <c>context,action,propensity,reward</c>, row by row as signals about what another system served. A row's id
/// is made of all rows up to it, so the same file has the same ids whenever it is read, and one that has grown keeps those it had.
/// </summary>
internal sealed class ReplayLog : IDisposable
{
    private const int Action = 0;
    private const int Reward = 1;
    private const int Context = 2;
    private const int Channel = 3;
    private const int Id = 4;

    private const int IdBytes = 16;

    /// <summary>An id of the log's own, so that the type still fits behind it.</summary>
    private const int MostIdChars = 128;

    private readonly CsvTable _table;
    private readonly Campaign _campaign;
    private readonly ReplayReward _reward;
    private readonly string? _segment;
    private readonly string? _channel;
    private readonly byte[] _chain = new byte[SHA256.HashSizeInBytes];

    /// <param name="segment">For all rows; each row's context where null.</param>
    /// <param name="channel">For all rows; that of each row, if any, where null.</param>
    /// <exception cref="InvalidDataException">This is no log; the message says where and why.</exception>
    public ReplayLog(string path, Campaign campaign, ReplayReward reward, string? segment, string? channel)
    {
        (_campaign, _reward, _segment, _channel) = (campaign, reward, segment, channel);
        _table = new CsvTable(path, ["action", "reward"], ["context", "channel", "id"]);
    }

    /// <value>The row's number, from 1.</value>
    public long Row { get; private set; }

    public long Line => _table.Line;

    /// <summary>Goes to the next row; false at the end.</summary>
    /// <exception cref="InvalidDataException">The row is malformed, or its reward cannot be said in signals of the campaign; the message says where and why.</exception>
    public bool Read()
    {
        if (!_table.Read())
            return false;
        Row++;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(_chain);
        foreach (var column in (int[])[Context, Action, Reward, Channel])
        {
            hash.AppendData(MemoryMarshal.AsBytes(_table.Text(column)));
            hash.AppendData([0, 0]);
        }
        hash.GetHashAndReset(_chain);
        _table.Name(Action);
        if (_table.Text(Id).Length > MostIdChars)
            throw _table.Wrong(Id, $"at most {MostIdChars} characters");
        if (Earned() is > 0 and var earned && _reward.Saying(earned) is null)
            throw _table.Wrong(Reward, _reward.Expected);
        return true;
    }

    /// <summary>Appends the row as an impression and, where it earned, a reward. Returns why it cannot be said, and appends nothing then.</summary>
    public string? AddTo(List<Signal> signals)
    {
        var modules = _table.Text(Action).ToString().Split('|');
        if (modules.Length != _campaign.Slots.Count)
            return $"action: came {modules.Length} modules; expected one for each slot: {string.Join('|', _campaign.Slots.Select(slot => slot.Id))}";
        var served = _campaign.Slots.Zip(modules).ToDictionary(pair => pair.First.Id, pair => pair.Second);
        var id = _table.Text(Id) is { Length: > 0 } own ? own.ToString() : Convert.ToHexStringLower(_chain.AsSpan(0, IdBytes));
        var segment = _segment ?? (_table.Text(Context) is { Length: > 0 } context ? context.ToString() : "default");
        var channel = _channel ?? (_table.Text(Channel) is { Length: > 0 } named ? named.ToString() : null);
        signals.Add(Signal.Observed($"{id}/impression", "impression", _campaign.Id!, segment, served, channel: channel));
        if (Earned() is > 0 and var earned && _reward.Saying(earned) is { } saying)
            signals.Add(Signal.Observed($"{id}/{_reward.Type}", _reward.Type, _campaign.Id!, segment, served, saying.Count, channel) with { Value = saying.Value });
        return null;
    }

    public void Dispose() => _table.Dispose();

    private double Earned() => _table.Number(Reward, 0, DecisionLog.MostReward, string.Create(CultureInfo.InvariantCulture, $"a number of 0 or more (up to {DecisionLog.MostReward:G})"));
}

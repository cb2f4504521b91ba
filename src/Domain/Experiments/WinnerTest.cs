namespace Flywheel.Domain.Experiments;

/// <summary>
/// Which of 2 to 64 arms earns most per impression: false in at most 5 % of experiments, however often one looks and however the
/// allocation follows what was seen.
/// </summary>
/// <remarks>
/// Where arms i and j are served in the proportions p and q and i earns λ times what j does, a reward of the two is i's with
/// probability λp ÷ (λp + q). For each ordered pair the likelihood ratio of a mixture of λ &gt; 1 against λ = 1 is kept. A reward of
/// arm i worth r multiplies it by 1 + r(λ − 1)q ÷ (λp + q), one of arm j by 1 − r(λ − 1)p ÷ (λp + q); over the draw of the arm a
/// decision so changes it by (λ − 1)pq(μᵢ − μⱼ) ÷ (λp + q) in expectation, which is never above 0 where i's mean reward μᵢ is not
/// above μⱼ. So it is a test supermartingale for every reward within 0 and 1, and exceeds c at any time with probability at most 1/c
/// (Ville 1939; Ramdas, Grünwald, Vovk, Shafer 2023). An arm wins once it has exceeded <see cref="Threshold"/> against every other:
/// a false winner has done so against the truly best, and there are at most as many false winners as arms.
/// Not safe for use by several threads at once.
/// </remarks>
public sealed class WinnerTest
{
    /// <summary>The most arms that are compared.</summary>
    public const int MaxArms = 64;

    /// <summary>The most often a winner may be declared that does not earn more than every other arm.</summary>
    public const double FalseWinnerRate = 0.05;

    /// <summary>Bets are held within these, so that no product overflows or crawls; both ends only lessen the evidence.</summary>
    private const double Most = 1e300, Least = 1e-300;

    /// <summary>One stake a lift, then the largest sum of stakes so far.</summary>
    private const int Stride = 7;

    /// <summary>Relative lifts betted on, and what is staked on each: most where a test of usual size can decide, 20 to 40 %.</summary>
    private static readonly double[] Lifts = [0.05, 0.15, 0.22, 0.30, 0.45, 1.5];
    private static readonly double[] Stakes = [0.01, 0.04, 0.46, 0.38, 0.09, 0.02];

    /// <summary>The winner, or −1; then <see cref="Stride"/> numbers for each ordered pair of arms.</summary>
    private readonly double[] _state;

    /// <exception cref="ArgumentOutOfRangeException">Fewer than 2 or more than 64 arms.</exception>
    public WinnerTest(int arms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arms, MaxArms);
        Arms = arms;
        _state = new double[1 + arms * (arms - 1) * Stride];
        _state[0] = -1;
        for (var pair = 1; pair < _state.Length; pair += Stride)
        {
            Stakes.CopyTo(_state, pair);
            _state[pair + Stride - 1] = 1;
        }
    }

    /// <summary>Goes on from what <see cref="State"/> gave. Stakes on lifts that were chosen otherwise stay valid.</summary>
    /// <exception cref="ArgumentException">Not a state of that many arms.</exception>
    public WinnerTest(int arms, ReadOnlySpan<double> state) : this(arms)
    {
        if (state.Length != _state.Length)
            throw new ArgumentException($"A state of {arms} arms has {_state.Length} numbers, not {state.Length}.", nameof(state));
        if (state[0] != Math.Floor(state[0]) || !(state[0] >= -1 && state[0] < arms))
            throw new ArgumentException($"A state starts with an arm of {arms} or −1, not with {state[0]}.", nameof(state));
        foreach (var stake in state[1..])
            if (!(stake >= 0 && stake < double.PositiveInfinity))
                throw new ArgumentException($"A stake is finite and at least 0, not {stake}.", nameof(state));
        state.CopyTo(_state);
    }

    public int Arms { get; }

    /// <summary>The evidence against every other arm that makes a winner.</summary>
    public double Threshold => Arms / FalseWinnerRate;

    /// <summary>The first arm to have won; it stays the winner.</summary>
    public int? Winner => _state[0] < 0 ? null : (int)_state[0];

    /// <summary>All there is to keep: 1 + 7 × arms × (arms − 1) numbers, to be read before the next observation.</summary>
    public ReadOnlySpan<double> State => _state;

    /// <summary>
    /// The largest evidence that the arm has had against the arm it is hardest to tell from; at least 1, a winner's is at least
    /// <see cref="Threshold"/>. <see cref="Arms"/> ÷ evidence, if below 1, is a p-value that is valid at every look.
    /// </summary>
    public double EvidenceOf(int arm)
    {
        CheckArm(arm);
        var least = Most;
        for (var other = 0; other < Arms; other++)
            if (other != arm)
                least = Math.Min(least, _state[Pair(arm, other) + Stride - 1]);
        return least;
    }

    /// <summary>One reward, in O(arms) and without allocating. A decision may be rewarded once: its first reward, or all at its end.</summary>
    /// <param name="allocation">
    /// The proportions in which the arms were served when the decision was taken, however late its reward is: the exact propensities,
    /// of any sum. Delays must not depend on the arm.
    /// </param>
    /// <param name="arm">What the decision served.</param>
    /// <param name="reward">What it earned as a fraction of the most it can earn, from 0 to 1.</param>
    public void Observe(ReadOnlySpan<double> allocation, int arm, double reward)
    {
        CheckArm(arm);
        CheckLength(allocation.Length, nameof(allocation));
        foreach (var share in allocation)
            if (!(share >= 0 && share < double.PositiveInfinity))
                throw new ArgumentOutOfRangeException(nameof(allocation), share, "A proportion is finite and at least 0.");
        if (allocation[arm] == 0)
            throw new ArgumentException($"Arm {arm} was rewarded but never served.", nameof(allocation));
        if (!(reward >= 0 && reward <= 1))
            throw new ArgumentOutOfRangeException(nameof(reward), reward, "A reward is a fraction of the most a decision can earn, from 0 to 1.");

        var served = allocation[arm];
        for (var other = 0; other < Arms; other++)
        {
            if (other == arm || allocation[other] == 0)
                continue;
            var odds = served / allocation[other];
            var (ahead, behind) = (Pair(arm, other), Pair(other, arm));
            for (var i = 0; i < Lifts.Length; i++)
            {
                var lift = Lifts[i];
                Multiply(ref _state[ahead + i], 1 + reward * lift / ((1 + lift) * odds + 1));
                Multiply(ref _state[behind + i], 1 - reward * lift / (1 + lift + odds));
            }

            Remember(ahead);
        }

        Declare(arm);
    }

    /// <summary>
    /// One interval in which the allocation did not depend on its own rewards, looked at when it is over. Given the counts of
    /// impressions, rewards fall on arms without replacement, which is less dispersed than the coin (Hoeffding 1963), negatively
    /// associated where they are worth differently (Joag-Dev and Proschan 1983). (1 + x)ʳ is at most 1 + rx, so that a sum of
    /// fractions is betted on as that many rewards.
    /// </summary>
    /// <param name="impressions">Of each arm.</param>
    /// <param name="rewards">
    /// What each arm's impressions of this very interval earned, in units of the most one can earn. Those that come later are to be
    /// given one by one, with the allocation of the interval of their decision.
    /// </param>
    public void Observe(ReadOnlySpan<long> impressions, ReadOnlySpan<double> rewards)
    {
        CheckLength(impressions.Length, nameof(impressions));
        CheckLength(rewards.Length, nameof(rewards));
        for (var arm = 0; arm < Arms; arm++)
            if (impressions[arm] < 0 || !(rewards[arm] >= 0 && rewards[arm] <= impressions[arm]))
                throw new ArgumentException($"Arm {arm} has {impressions[arm]} impressions and {rewards[arm]} rewards.", nameof(rewards));

        for (var arm = 0; arm < Arms; arm++)
            for (var other = 0; other < Arms; other++)
                if (other != arm && impressions[arm] > 0 && impressions[other] > 0)
                    Bet(Pair(arm, other), (double)impressions[arm] / impressions[other], rewards[arm], rewards[other]);
        for (var arm = 0; arm < Arms; arm++)
            Declare(arm);
    }

    private void Bet(int pair, double odds, double wins, double losses)
    {
        for (var i = 0; i < Lifts.Length; i++)
        {
            var ratio = 1 + Lifts[i];
            var log = wins * Math.Log(ratio * (odds + 1) / (ratio * odds + 1)) + losses * Math.Log((odds + 1) / (ratio * odds + 1));
            Multiply(ref _state[pair + i], Math.Exp(Math.Min(log, 690)));
        }

        Remember(pair);
    }

    private void Remember(int pair)
    {
        var sum = 0.0;
        for (var i = 0; i < Lifts.Length; i++)
            sum += _state[pair + i];
        ref var largest = ref _state[pair + Stride - 1];
        largest = Math.Min(Math.Max(largest, sum), Most);
    }

    private void Declare(int arm)
    {
        if (_state[0] < 0 && EvidenceOf(arm) >= Threshold)
            _state[0] = arm;
    }

    private static void Multiply(ref double stake, double factor)
    {
        var product = Math.Min(stake * factor, Most);
        stake = product < Least ? 0 : product;
    }

    private int Pair(int arm, int other) => 1 + (arm * (Arms - 1) + (other < arm ? other : other - 1)) * Stride;

    private void CheckArm(int arm)
    {
        if ((uint)arm >= (uint)Arms)
            throw new ArgumentOutOfRangeException(nameof(arm), arm, $"An arm is one of 0 to {Arms - 1}.");
    }

    private void CheckLength(int length, string name)
    {
        if (length != Arms)
            throw new ArgumentException($"There are {Arms} arms, not {length}.", name);
    }
}

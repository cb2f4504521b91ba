namespace Flywheel.Domain.Learning;

/// <summary>Who served what a tally counts.</summary>
public enum TallySource : byte
{
    /// <summary>The learned policy, with a known propensity.</summary>
    Learned = 0,

    /// <summary>The control group, served uniformly.</summary>
    Control = 1,

    /// <summary>Another system, without a propensity: shown, never learnt from.</summary>
    Observed = 2,
}

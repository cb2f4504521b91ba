namespace Flywheel.Domain.Learning;

/// <summary>Turns counts into a policy. Pure: the same input gives the same fit, on every silo and after every restart.</summary>
public interface ILearner
{
    SegmentFit Fit(LearnerInput input);
}

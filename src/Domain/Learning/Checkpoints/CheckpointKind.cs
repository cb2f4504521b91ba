namespace Flywheel.Domain.Learning.Checkpoints;

/// <summary>Why a checkpoint was kept. Values are stored: never renumber.</summary>
public enum CheckpointKind : byte
{
    /// <summary>In its turn, while signals came.</summary>
    Regular = 0,

    /// <summary>What a rollback took back: what undoes it.</summary>
    BeforeRollback = 1,

    /// <summary>What a rollback went back to.</summary>
    RolledBack = 2,
}

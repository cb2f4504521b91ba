namespace Flywheel.Agents.Offline;

/// <summary>What an objective wants people to do.</summary>
internal enum Intent
{
    Discover,
    Buy,
    SignUp,
    Visit,
    Try,
    Support,
}

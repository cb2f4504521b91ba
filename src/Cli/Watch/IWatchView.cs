namespace Flywheel.Cli.Watch;

/// <summary>Shows what is heard of a campaign.</summary>
internal interface IWatchView
{
    /// <param name="state">All that is known, the news included.</param>
    /// <param name="news">What is new.</param>
    void Show(WatchState state, WatchNews news);
}

using Spectre.Console;

namespace Flywheel.Cli.Terminals;

/// <summary>Progress of long work, on standard error where that is a terminal; nothing elsewhere.</summary>
internal static class Bar
{
    /// <param name="what">What is done, in a few words.</param>
    /// <param name="most">The value at which it is done.</param>
    /// <param name="work">Is handed what to report to: how far it is, and other words for what is done or null for the same. Safe for concurrent use.</param>
    public static Task<T> RunAsync<T>(string what, double most, Func<Action<double, string?>, Task<T>> work)
    {
        if (!Terminal.Error.Profile.Capabilities.Ansi)
            return work((_, _) => { });
        return Terminal.Error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(Terminal.Escape(what), maxValue: Math.Max(1, most));
                var result = await work((value, words) =>
                {
                    bar.Value = value;
                    if (words is not null)
                        bar.Description = Terminal.Escape(words);
                });
                bar.Value = bar.MaxValue;
                return result;
            });
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using Flywheel.Cli.Backup;
using Flywheel.Cli.Campaigns;
using Flywheel.Cli.Completion;
using Flywheel.Cli.Evaluate;
using Flywheel.Cli.Keys;
using Flywheel.Cli.Load;
using Flywheel.Cli.Proposals;
using Flywheel.Cli.Replay;
using Flywheel.Cli.Simulate;
using Flywheel.Cli.Terminals;
using Flywheel.Cli.Watch;
using Flywheel.Cli.Webhooks;

namespace Flywheel.Cli;

/// <summary><c>flywheel</c> with all its verbs; <c>docs/cli.md</c> has them in words.</summary>
internal static class FlywheelCommand
{
    public static RootCommand Create()
    {
        var root = new RootCommand("flywheel: Flywheel's command line")
        {
            WatchCommand.Create(), CampaignCommand.Create(), ProposalsCommand.Create(), WebhooksCommand.Create(), ReplayCommand.Create(), LoadCommand.Create(),
            SimulateCommand.Create(), EvaluateCommand.Create(), BackupCommand.Create(), KeysCommand.Create(), TokenKeysCommand.Create(), CompletionCommand.Create(), Output.Json,
        };
        // Of Windows' own spellings of --help; a shell would complete them first.
        foreach (var spelling in (string[])["/?", "/h", "-?"])
            root.Options.OfType<HelpOption>().Single().Aliases.Remove(spelling);
        return root;
    }
}

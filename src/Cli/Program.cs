using System.CommandLine;
using Flywheel.Cli.Backup;
using Flywheel.Cli.Campaigns;
using Flywheel.Cli.Evaluate;
using Flywheel.Cli.Keys;
using Flywheel.Cli.Simulate;

var root = new RootCommand("flywheel: Flywheel's command line")
{
    SimulateCommand.Create(), EvaluateCommand.Create(), CampaignCommand.Create(), BackupCommand.Create(), KeysCommand.Create(), TokenKeysCommand.Create(),
};
return await root.Parse(args).InvokeAsync();

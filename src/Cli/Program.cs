using System.CommandLine;
using Flywheel.Cli.Evaluate;
using Flywheel.Cli.Keys;
using Flywheel.Cli.Simulate;

var root = new RootCommand("flywheel: Flywheel's command line") { SimulateCommand.Create(), EvaluateCommand.Create(), KeysCommand.Create(), TokenKeysCommand.Create() };
return await root.Parse(args).InvokeAsync();

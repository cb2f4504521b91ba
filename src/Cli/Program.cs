using System.CommandLine;
using Flywheel.Cli.Simulate;

var root = new RootCommand("flywheel: Flywheel's command line") { SimulateCommand.Create() };
return await root.Parse(args).InvokeAsync();

using System.CommandLine;
using Flywheel.Cli;

// What Ctrl-C breaks off still says what it did.
return await FlywheelCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });

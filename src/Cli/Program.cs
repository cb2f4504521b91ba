using System.CommandLine;
using System.CommandLine.Invocation;
using Flywheel.Cli;

var parsed = FlywheelCommand.Create().Parse(args);
return parsed.Action is ParseErrorAction
    ? await Usage.RefuseAsync(parsed)
    // What Ctrl-C breaks off still says what it did.
    : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });

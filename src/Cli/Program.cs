using System.CommandLine;
using System.CommandLine.Invocation;
using Flywheel.Cli;

var parsed = FlywheelCommand.Create().Parse(args);
return parsed.Action is ParseErrorAction
    ? await Usage.RefuseAsync(parsed)
    : await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = Verb.LastWord });

using Xunit.Sdk;
using Xunit.v3;

// One browser and one engine on few cores: what is measured is not to be disturbed.
[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(Flywheel.Dashboard.Tests.Site))]

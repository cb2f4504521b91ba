using Flywheel.Silo.Tests;

[assembly: AssemblyFixture(typeof(Engine))]

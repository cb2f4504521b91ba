global using Decision = Flywheel.Client.Decision;
global using ScoreDocument = Flywheel.Client.Scores;
using Flywheel.Silo.Tests;

[assembly: AssemblyFixture(typeof(Engine))]

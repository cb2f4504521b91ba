using Xunit.Sdk;
using Xunit.v3;

// Each scenario takes the machine to itself: what it measures and waits for would else be its neighbour's doing.
[assembly: Parallelization(Mode = ParallelMode.None)]

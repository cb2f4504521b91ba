using Xunit.Sdk;
using Xunit.v3;

// What runs beside a measurement allocates into it.
[assembly: Parallelization(Mode = ParallelMode.None)]

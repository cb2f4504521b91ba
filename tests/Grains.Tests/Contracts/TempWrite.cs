using Flywheel.Grains.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Flywheel.Grains.Tests.Contracts;

public sealed class TempWrite
{
    [Fact]
    public void WriteThem()
    {
        using var services = new ServiceCollection().AddLogging().AddFlywheelMessages().BuildServiceProvider();
        File.WriteAllText("/tmp/wapi/tests/Grains.Tests/Contracts/edit.golden", Convert.ToHexString(services.GetRequiredService<Serializer>().SerializeToArray(Messages.All["edit"])) + "\n");
    }
}

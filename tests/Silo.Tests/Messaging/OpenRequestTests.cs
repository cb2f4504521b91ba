using Flywheel.Agents.Writing;
using Flywheel.Grains.Tests;
using Microsoft.Extensions.DependencyInjection;

namespace Flywheel.Silo.Tests.Messaging;

public sealed class OpenRequestTests : IDisposable
{
    private readonly TempFolder _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Request_WhoseEngineEnded_IsAskedForAgainThoughNobodyCalls()
    {
        var (hanging, next) = (new ScriptedWriter { Hangs = true }, new ScriptedWriter());
        await using (var engine = await StartAsync(hanging))
        {
            (await engine.Api.PutAsync("/v1/campaigns/spring", Wire.Spring)).Expect(201);
            (await engine.Api.PostAsync("/v1/campaigns/spring/slots/headline/refresh", "")).Expect(202);
            await Eventually.CompletesAsync(hanging.Asked, "a request to the writer");
        }

        await using var again = await StartAsync(next);

        await Eventually.CompletesAsync(next.Asked, "the same request to the writer of the next engine");
    }

    private Task<Engine> StartAsync(ScriptedWriter writer) => Engine.StartAsync(_data, services => services.AddSingleton<IMessageWriter>(writer));
}

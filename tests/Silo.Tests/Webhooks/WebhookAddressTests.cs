using System.Net;
using Flywheel.Grains.Webhooks;
using Flywheel.Silo.Api.Webhooks;

namespace Flywheel.Silo.Tests.Webhooks;

/// <summary>Where webhooks may go, by the registries of special-purpose addresses.</summary>
public sealed class WebhookAddressTests
{
    private static readonly WebhookAddresses Public = new([]);

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.255.255.255")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.255")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:10.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void Allow_AddressThatIsNotOfTheInternet_IsRefused(string address) => Assert.False(Public.Allow(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    [InlineData("2606:4700::1111")]
    public void Allow_AddressOfTheInternet_IsAllowed(string address) => Assert.True(Public.Allow(IPAddress.Parse(address)));

    [Fact]
    public void Allow_NetworkThatWasNamed_IsAllowedAndNoOther()
    {
        var some = new WebhookAddresses([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd12::/16")]);

        Assert.All((string[])["10.1.2.3", "::ffff:10.1.2.3", "fd12::7", "1.1.1.1"], address => Assert.True(some.Allow(IPAddress.Parse(address)), address));
        Assert.All((string[])["10.2.0.1", "127.0.0.1", "fd13::7"], address => Assert.False(some.Allow(IPAddress.Parse(address)), address));
    }

    /// <summary>A name that is public when it is first looked up and private a moment later, and one that is both at once.</summary>
    [Fact]
    public async Task Send_NameThatChangesItsAddress_ReachesNothingInside()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("127.0.0.2")], [IPAddress.Loopback], [IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]]);
        // 127.0.0.2 stands for a public address: nobody listens there.
        using var courier = new WebhookCourier(new WebhookAddresses([IPNetwork.Parse("127.0.0.2/32")]), TimeProvider.System, (_, _) => Task.FromResult(answers.Dequeue()));
        var attempt = new WebhookAttempt($"http://rebound.example.com:{receiver.Url.Port}/hook", "msg_1", 1_777_000_000, "v1,AAAA", "{}");

        var outcomes = new List<string>();
        for (var times = 0; times < 3; times++)
            outcomes.Add((await courier.SendAsync(attempt, TestContext.Current.CancellationToken)).Outcome.ToString());

        Assert.Equal(["Unreachable", "Forbidden", "Unreachable"], outcomes);
        Assert.Empty(receiver.Received);
        Assert.Empty(answers);
    }
}

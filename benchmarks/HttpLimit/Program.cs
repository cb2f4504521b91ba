using System.Buffers;
using System.Text.Json;

// The HTTP limit: the same Kestrel, the same request parsed, a fixed answer of the size given as the second argument.
var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
builder.WebHost.UseUrls(args[0]);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
var app = builder.Build();
var answer = new byte[int.Parse(args[1], System.Globalization.CultureInfo.InvariantCulture)];
answer.AsSpan().Fill((byte)' ');
"{}"u8.CopyTo(answer);

app.MapPost("/v1/decisions", (RequestDelegate)(async context =>
{
    var read = await context.Request.BodyReader.ReadAsync();
    while (!read.IsCompleted)
    {
        context.Request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        read = await context.Request.BodyReader.ReadAsync();
    }
    var members = CountMembers(read.Buffer);
    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
    context.Response.StatusCode = members > 0 ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
    context.Response.ContentType = "application/json; charset=utf-8";
    context.Response.ContentLength = answer.Length;
    context.Response.BodyWriter.Write(answer);
    await context.Response.BodyWriter.FlushAsync();
}));

await app.RunAsync();

static int CountMembers(ReadOnlySequence<byte> json)
{
    var reader = new Utf8JsonReader(json);
    var members = 0;
    while (reader.Read())
        members += reader.TokenType == JsonTokenType.PropertyName ? 1 : 0;
    return members;
}

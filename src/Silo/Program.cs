using Flywheel.Silo.Hosting;

return await FlywheelHost.RunAsync(args);

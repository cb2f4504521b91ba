global using Decision = Flywheel.Client.Decision;
global using ScoreDocument = Flywheel.Client.Scores;

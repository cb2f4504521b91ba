namespace Flywheel.Domain.Governance.Languages;

/// <summary>Languages that are told apart: the two that are written here, and those that are most often taken for them.</summary>
internal enum Language
{
    English,
    French,
    German,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
}

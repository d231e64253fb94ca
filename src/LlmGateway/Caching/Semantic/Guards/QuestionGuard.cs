using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Caching.Semantic.Guards;

/// <summary>Who, when, where, why, how, how much, whether: another kind of question has another answer.</summary>
internal sealed class QuestionGuard : IGuard
{
    private const QuestionTypes Open = QuestionTypes.What | QuestionTypes.Help | QuestionTypes.Name;

    public string Name => "question";

    public bool Allows(TextFacts asked, TextFacts stored)
    {
        var (a, b) = (asked.Questions, stored.Questions);
        var (strongA, strongB) = (a & ~Open, b & ~Open);
        if (strongA == strongB)
        {
            return true;
        }

        if (strongA != 0 && strongB != 0)
        {
            return false;
        }

        var (open, strong) = strongA == 0 ? (a, strongB) : (b, strongA);
        return strong switch
        {
            // "What is the height of", "how tall is".
            QuestionTypes.Amount => true,
            QuestionTypes.Whether => (open & QuestionTypes.What) == 0,
            QuestionTypes.Who or QuestionTypes.Where or QuestionTypes.When => (open & QuestionTypes.Name) != 0,
            QuestionTypes.How => (open & QuestionTypes.Help) != 0,
            _ => false,
        };
    }
}

using System.Text;
using LlmGateway.Catalog;

namespace LlmGateway.Reports;

/// <summary>Two reports of the same query as one, both in the order of <see cref="UsageSql"/>, which the outcome keeps.</summary>
internal static class UsageMerge
{
    public static IEnumerable<UsageRow> Of(IEnumerable<UsageRow> left, IEnumerable<UsageRow> right)
    {
        using var lefts = left.GetEnumerator();
        using var rights = right.GetEnumerator();
        var (hasLeft, hasRight) = (lefts.MoveNext(), rights.MoveNext());
        while (hasLeft || hasRight)
        {
            var order = !hasRight ? -1 : !hasLeft ? 1 : Compare(lefts.Current, rights.Current);
            yield return order switch
            {
                < 0 => lefts.Current,
                > 0 => rights.Current,
                _ => Sum(lefts.Current, rights.Current),
            };
            hasLeft = order <= 0 ? lefts.MoveNext() : hasLeft;
            hasRight = order >= 0 ? rights.MoveNext() : hasRight;
        }
    }

    private static UsageRow Sum(UsageRow left, UsageRow right)
    {
        left.AddFigures(right);
        return left with
        {
            Cost = Sum(left.Cost, right.Cost),
            Corrections = Sum(left.Corrections, right.Corrections),
            CacheSaving = Sum(left.CacheSaving, right.CacheSaving),
            AnswersSaved = Sum(left.AnswersSaved, right.AnswersSaved),
        };
    }

    private static Money? Sum(Money? left, Money? right) => left is { } one && right is { } other ? one with { Amount = one.Amount + other.Amount } : left ?? right;

    private static int Compare(UsageRow left, UsageRow right)
    {
        for (var index = 0; index < left.Groups.Length; index++)
        {
            if (Compare(left.Groups[index], right.Groups[index]) is not 0 and var order)
            {
                return order;
            }
        }

        return Compare(left.Cost?.Currency.Code, right.Cost?.Currency.Code);
    }

    /// <summary>As the databases order texts: by their UTF-8 bytes, which is not the order of UTF-16.</summary>
    private static int Compare(string? left, string? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => -1,
        (_, null) => 1,
        _ => string.Equals(left, right, StringComparison.Ordinal) ? 0 : Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)),
    };
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace LlmGateway.Caching.Semantic.Proof;

/// <summary>
/// Everything that decides which hits there are and what counts as wrong. Change one of it, and labels from before say nothing about hits
/// from now on: they belong to another epoch and never count in this one. The threshold is part of it, so the operator chooses it and
/// nothing tunes it on the way: a score that moves with its own labels would void the bound.
/// </summary>
/// <param name="Embedder">Endpoint, model, revision, dimensions, prefix.</param>
/// <param name="Rules">The version of normaliser, guards and verifier.</param>
/// <param name="Threshold">The fixed score from which on a candidate is a hit.</param>
/// <param name="Judge">Who compares answers, and how.</param>
/// <param name="Generation">The route's cache generation and whatever of the route decides its answers.</param>
internal sealed record ProofEpoch(string Embedder, string Rules, double Threshold, string Judge, string Generation)
{
    /// <summary>32 characters, the same in every process.</summary>
    public string Id
    {
        get
        {
            var text = new StringBuilder();
            foreach (var part in (ReadOnlySpan<string>)[Embedder, Rules, Threshold.ToString("R", CultureInfo.InvariantCulture), Judge, Generation])
            {
                // With the lengths no two epochs have one text.
                text.Append(CultureInfo.InvariantCulture, $"{part.Length}:{part}");
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
        }
    }
}

using System.Collections.Frozen;
using static LlmGateway.Protocols.Errors.ErrorClass;

namespace LlmGateway.Protocols.Errors;

/// <summary>Bare numbers as error codes: each vendor has its own. Where the vendor is not known all are tried, for they do not overlap.</summary>
internal static class VendorCodes
{
    private static readonly FrozenDictionary<string, FrozenDictionary<string, ErrorClass>> ByVendor =
        new Dictionary<string, FrozenDictionary<string, ErrorClass>>
        {
            ["zhipu"] = Table(
                (UpstreamAuth, "1000 1001 1002 1003 1004 1110 1111 1112 1121"),
                (BadRequest, "1210 1213 1214 1215"),
                (ModelAccess, "1211 1220 1311"),
                (ContextLength, "1261"),
                (ContentFilter, "1301"),
                (RateLimit, "1302 1303 1313"),
                (QuotaExhausted, "1113 1304 1308 1309 1310"),
                (Overloaded, "1305 1312"),
                (BadGateway, "1200 1230 1234")),
            ["spark"] = Table(
                (UpstreamAuth, "11200 10015"),
                (BadRequest, "10003 10004 10005 10163"),
                (ContextLength, "10907"),
                (ContentFilter, "10013 10014 10019 10021"),
                (RateLimit, "10007 11202 11203"),
                (QuotaExhausted, "10016 11201"),
                (Overloaded, "10008 10010 10012 10110 10222")),
            ["siliconflow"] = Table((QuotaExhausted, "30001"), (Overloaded, "50505")),
            ["mistral"] = Table((RateLimit, "1300"), (Overloaded, "3505")),
            ["hunyuan"] = Table((RateLimit, "2003")),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, ErrorClass> All = ByVendor.Values.SelectMany(table => table).ToFrozenDictionary();

    public static bool TryFind(string? vendor, string code, out ErrorClass found) =>
        (vendor is not null && ByVendor.TryGetValue(vendor, out var own) ? own : All).TryGetValue(code, out found);

    private static FrozenDictionary<string, ErrorClass> Table(params (ErrorClass Class, string Codes)[] rows) => rows
        .SelectMany(row => row.Codes.Split(' ').Select(code => KeyValuePair.Create(code, row.Class)))
        .ToFrozenDictionary();
}

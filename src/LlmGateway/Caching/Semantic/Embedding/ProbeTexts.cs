namespace LlmGateway.Caching.Semantic.Embedding;

/// <summary>Questions in pairs that mean the same; no two pairs have anything to do with each other. Written for this.</summary>
internal static class ProbeTexts
{
    public static readonly (string Language, (string One, string Other)[] Pairs)[] All =
    [
        ("English",
        [
            ("How do I reset my password?", "How can I reset the password of my account?"),
            ("What is the capital of France?", "Which city is the capital of France?"),
            ("How long does delivery to Canada take?", "How many days does a delivery to Canada take?"),
            ("Explain how photosynthesis works in plants.", "Explain the photosynthesis of plants."),
            ("Which vaccines are needed before travelling to Kenya?", "What vaccines do I need for travelling to Kenya?"),
            ("Why does bread dough rise in the oven?", "What makes bread dough rise in an oven?"),
        ]),
        ("Chinese",
        [
            ("怎么重置我的密码？", "如何重置账户密码？"),
            ("法国的首都是哪里？", "法国首都是哪个城市？"),
            ("寄到加拿大的快递要几天？", "快递寄到加拿大需要多少天？"),
            ("请解释植物的光合作用。", "植物的光合作用是怎么回事？"),
            ("去肯尼亚旅游要打什么疫苗？", "到肯尼亚旅游之前需要接种哪些疫苗？"),
            ("面团为什么会发酵膨胀？", "面团发酵膨胀是什么原因？"),
        ]),
    ];
}

using LlmGateway.Caching.Semantic.Guards;
using LlmGateway.Caching.Semantic.Text;

namespace LlmGateway.Tests.Caching.Semantic.Guards;

public sealed class ContentGuardTests
{
    [Theory]
    [InlineData("renew a passport", "renew a driving licence", false)]
    [InlineData("delete a file", "erase a file", true)]
    [InlineData("colour of a north-facing room", "color of a north facing room", true)]
    [InlineData("How do I recieve a parcel?", "How do I receive a parcel?", true)]
    [InlineData("open a data base", "open a database", true)]
    [InlineData("中国银行的电话", "中国农业银行的电话", false)]
    [InlineData("铁锅生锈", "菜刀生锈", false)]
    [InlineData("西红柿怎么炒", "番茄怎么炒", true)]
    [InlineData("手机开不了机", "手机无法开机", true)]
    [InlineData("side effects of hydroxyzine", "side effects of hydralazine", false)]
    [InlineData("How do I sort an array in JS?", "How do I sort an array in JavaScript?", true)]
    [InlineData("how do I eat dessert", "how do I cross a desert", false)]
    [InlineData("飞机上能带充电宝吗", "坐飞机能带移动电源吗", true)]
    [InlineData("有什么送女友的生日礼物", "女朋友过生日送什么礼物", true)]
    [InlineData("做B超要空腹吗", "做超声要空腹吗", true)]
    [InlineData("工行卡丢了", "招行卡丢了", false)]
    [InlineData("要等几天", "要等几个月", false)]
    [InlineData("这本小说多长", "这部电影多长", false)]
    [InlineData("turn the radio off", "turn off the radio", true)]
    [InlineData("make my bike faster", "speed up my bike", true)]
    [InlineData("What is an IQ?", "What is an intelligence quotient?", true)]
    [InlineData("Who leads the WHO?", "Who leads the World Health Organization?", true)]
    [InlineData("Who leads the WTO?", "Who leads the World Health Organization?", false)]
    [InlineData("a univ in Norway", "a university in Norway", true)]
    [InlineData("What do plumbers do?", "What is the job of a plumber?", true)]
    [InlineData("a visa for China", "a Chinese visa", true)]
    [InlineData("dry the shirt", "iron the shirt", false)]
    [InlineData("pancakes w/o milk", "pancakes without milk", true)]
    [InlineData("what is the theme of 'To Kill a Mockingbird'", "what is the theme of \"To Kill a Mockingbird\"", true)]
    [InlineData("What is a café?", "What is a cafe?", true)]
    [InlineData("怎么选西瓜", "怎么挑选西瓜", true)]
    [InlineData("怎么煮鸡", "怎么煮鸡蛋", false)]
    [InlineData("交警能扣车吗", "交通警察能扣车吗", true)]
    [InlineData("请三天假要写假条吗", "请假三天要写假条吗", true)]
    [InlineData("写首诗", "写一首诗", true)]
    [InlineData("体重是多少斤", "体重是多少公斤", false)]
    [InlineData("茅台酒为什么贵", "茅台为什么贵", true)]
    [InlineData("怎么用軟體列印", "怎么用软件打印", true)]
    [InlineData("怎么做蛋糕", "怎么买蛋糕", false)]
    [InlineData("怎么用信用卡", "怎么办信用卡", false)]
    [InlineData("正在怀孕能打疫苗吗", "已经怀孕能打疫苗吗", false)]
    [InlineData("已经怀孕了能打疫苗吗", "怀孕了能打疫苗吗", true)]
    [InlineData("怎么提高口语水平", "怎么提升口语能力", true)]
    public void It_allows_what_asks_the_same_and_nothing_else(string asked, string stored, bool allows) =>
        Assert.Equal(allows, new ContentGuard().Allows(TextFacts.Of(asked), TextFacts.Of(stored)));
}

using System.CommandLine;
using LlmGateway;
using LlmGateway.Admin;
using LlmGateway.Configuration;
using LlmGateway.Keys;
using LlmGateway.Reports;
using LlmGateway.Reports.Focus;

var serve = ServeCommand.Create();
var root = new RootCommand("LlmGateway: one OpenAI base URL in front of many providers, with every token booked to a tenant.")
{
    serve,
    CheckCommand.Create(),
    SimulateCommand.Create(),
    KeysCommand.Create(DataFolderSeams.OpenKeys, TimeProvider.System),
    UsageCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocatePostgres, DataFolderSeams.LocateRates),
    FocusCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocatePostgres, DataFolderSeams.LocateProviders),
    ExplainCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocateUrl),
    VersionCommand.Create(),
};
ServeCommand.MakeDefault(root);
return await CommandLine.RunAsync(root, args);

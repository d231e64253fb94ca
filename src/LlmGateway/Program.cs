using System.CommandLine;
using LlmGateway;
using LlmGateway.Admin;
using LlmGateway.Admin.Doctor;
using LlmGateway.Configuration;
using LlmGateway.Keys;
using LlmGateway.Reports;
using LlmGateway.Reports.Focus;
using LlmGateway.Reports.Reconciliation;

var serve = ServeCommand.Create();
var root = new RootCommand("LlmGateway: one OpenAI base URL in front of many providers, with every token booked to a tenant.")
{
    serve,
    CheckCommand.Create(),
    SimulateCommand.Create(),
    KeysCommand.Create(DataFolderSeams.OpenKeys, TimeProvider.System),
    UsageCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocatePostgres, DataFolderSeams.LocateRates),
    ReconcileCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocatePostgres),
    FocusCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocatePostgres, DataFolderSeams.LocateProviders),
    ExplainCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocateUrl),
    DoctorCommand.Create(TimeProvider.System),
    TopCommand.Create(DataFolderSeams.Locate, DataFolderSeams.LocateUrl, TimeProvider.System),
    VersionCommand.Create(),
};
ServeCommand.MakeDefault(root);
return await CommandLine.RunAsync(root, args);

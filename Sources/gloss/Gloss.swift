import ArgumentParser
import Dataflow
import Foundation
import LinearAlgebra

/// The command.
@main
struct Gloss: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gloss",
        abstract: "Explains what the latents of sparse autoencoders respond to, and keeps measuring how good that is.",
        version: ProgramVersion.text,
        groupedSubcommands: [
            CommandGroup(
                name: "Topologies:",
                subcommands: [
                    InitCommand.self, RunCommand.self, ValidateCommand.self, PlanCommand.self, GraphCommand.self,
                    FeedCommand.self,
                    TapCommand.self, TopCommand.self, TailCommand.self, ShowCommand.self, HighlightsCommand.self,
                    ServeCommand.self, PageCommand.self, PublishCommand.self, ReportCommand.self,
                    RetryCommand.self, ExplainCommand.self, RescoreCommand.self, LabelCommand.self, PinCommand.self,
                    ReloadCommand.self, CompareCommand.self, DoctorCommand.self, BenchCommand.self,
                    StateCommand.self, DeadLettersCommand.self,
                ]),
            CommandGroup(
                name: "One stage, files to files:",
                subcommands: [
                    TokenizeCommand.self, ActivationsCommand.self, CoderCommand.self, EncodeCommand.self,
                    EmbedCommand.self,
                    GenerateCommand.self,
                ]),
            CommandGroup(
                name: "Coders side by side, and other tools' files:",
                subcommands: [AlignCommand.self, DelphiCountsCommand.self, ExportCommand.self]),
        ])

    static func main() async {
        StandardStreams.secure()
        Allocator.returnLargeBlocks()
        do {
            _ = try VectorInstructions.chosen(named: ProcessInfo.processInfo.environment[VectorInstructions.variable])
        } catch {
            end(with: ExitCode(telling: error, of: "gloss", given: .configuration))
        }
        do {
            try CPUKernel.reexecuteIfNeeded()
        } catch {
            Notice.write("gloss", "going on with a slow kernel: \(error)", level: .warning)
        }
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            end(with: nil)
        } catch {
            end(with: error)
        }
    }

    /// Ends the process with the status of an error, after its message or the help that was asked for has been written.
    ///
    /// Exit handlers of libraries are not run: they free what the threads of Kafka clients that are being destroyed, which
    /// nobody waits for, still use. All that is to last is on disk by now.
    private static func end(with error: (any Error)?) -> Never {
        var status: Int32 = 0
        if let error {
            status = exitCode(for: error).rawValue
            let message = fullMessage(for: error)
            if !message.isEmpty {
                let stream = status == 0 ? FileHandle.standardOutput : FileHandle.standardError
                // Nobody is left to tell that it could not be written.
                try? stream.write(contentsOf: Data((message + "\n").utf8))
            }
        }
        fflush(nil)
        _exit(status)
    }
}

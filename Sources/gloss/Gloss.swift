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
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Topologies:",
                subcommands: [
                    RunCommand.self, ValidateCommand.self, FeedCommand.self, TailCommand.self, ReportCommand.self,
                    CompareCommand.self, DoctorCommand.self, BenchCommand.self,
                ]),
            CommandGroup(
                name: "One stage, files to files:",
                subcommands: [
                    TokenizeCommand.self, ActivationsCommand.self, EncodeCommand.self, EmbedCommand.self,
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
            exit(withError: ExitCode(telling: error, of: "gloss", given: .configuration))
        }
        do {
            try CPUKernel.reexecuteIfNeeded()
        } catch {
            Notice.write("gloss", "going on with a slow kernel: \(error)", level: .warning)
        }
        await main(nil)
    }
}

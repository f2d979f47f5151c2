import ArgumentParser
import Daemon
import Dataflow
import Dispatch
import Elements
import Foundation
import Nodes
import Observability
import Running
import Topology

/// Runs a topology.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a topology: reads the corpus, explains latents and scores the explanations.",
        discussion: """
            Runs until stopped. SIGTERM or SIGINT reads no more, checkpoints what was read and exits 0; a second one \
            exits at once. After a crash the next start goes on from the last checkpoint.
            """)

    @Argument(help: "The topology file.")
    var topology: String

    @Flag(help: "End with exit code 0 once the input is drained and every job is done.")
    var untilDrained = false

    @Flag(help: "Go on although a source no longer holds what the last checkpoint counted; marks the evidence inexact.")
    var acceptGap = false

    @Option(help: "Threads for computing; by default one per core.")
    var threads: Int?

    @Flag(help: "Print no progress and no results, only what an operator must hear.")
    var quiet = false

    @Flag(help: "Tell of every checkpoint.")
    var verbose = false

    func run() async throws {
        let file = self.topology
        let graph = try TopologyLoading.load(file)
        try await TopologyLoading.askEndpoints(of: graph, file: file)
        var options = RunOptions(
            cores: threads ?? ProcessInfo.processInfo.activeProcessorCount, notice: { Notice.write($0, $1) })
        options.version = Gloss.configuration.version
        options.untilDrained = untilDrained
        options.acceptGap = acceptGap
        if verbose {
            options.checkpointed = { epoch, fences in
                let places = fences.map { "\($0.topic)/\($0.partition) \($0.next)" }.joined(separator: ", ")
                Notice.write("checkpoint", "epoch \(epoch) is on disk: \(places)")
            }
        }
        let stop = StopSignal()
        let progress = RunProgress(memory: MemoryMeter(budget: graph.topology.state.memoryBytes))
        let signals = StopSignals(stop)
        defer { signals.cancel() }

        let daemon = GlossDaemon(graph: graph, options: options, stop: stop, progress: progress)
        let display = ProgressDisplay(progress: progress, directory: graph.topology.state.directory)
        let drawing = quiet ? nil : Task { await display.run() }
        do {
            try await daemon.run()
        } catch {
            drawing?.cancel()
            Terminal.status("")
            Notice.write("gloss", "\(error)")
            throw ExitCode(endingWith: error)
        }
        drawing?.cancel()
        await drawing?.value
        Terminal.status("")
        if !quiet {
            display.finish()
            // A report reads every score, so it must not be made while the run's memory is still held.
            Allocator.returnFreeMemory()
            try ReportCommand.printTable(directory: graph.topology.state.directory, best: 10)
        }
    }
}

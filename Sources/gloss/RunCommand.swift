import ArgumentParser
import Daemon
import Dataflow
import Dispatch
import Elements
import Foundation
import Nodes
import Observability
import Running
import TerminalText
import Topology

/// Runs a topology.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a topology: reads the corpus, explains latents and scores the explanations.",
        discussion: """
            Runs until stopped, also after a file has been read to its end: it goes on serving, and tries again what failed. \
            SIGTERM, SIGINT or a terminal that closes reads no more, checkpoints what was read and exits 0; a second SIGTERM \
            or SIGINT exits at once. Any other SIGHUP, or `gloss reload`, has the topology file read again. After a crash the \
            next start goes on from the \
            last checkpoint. Other exit codes: 69 drained, but jobs failed, 75 try again, 78 the topology does not fit, \
            65 the data does not, 74 look at the machine.
            """)

    @Argument(help: "The topology file.")
    var topology: String

    @Flag(help: "End once the input is drained and every job is done: with exit code 0, or with 69 if jobs failed.")
    var untilDrained = false

    @Option(help: "With --until-drained, the seconds for which a server of a model that is away is waited for.")
    var patience = 600

    @Flag(help: "Go on although a source no longer holds what the last checkpoint counted; marks the evidence inexact.")
    var acceptGap = false

    @Option(help: "Threads for computing; by default one per core.")
    var threads: Int?

    @Flag(help: "Print no progress and no results, only what an operator must hear.")
    var quiet = false

    @Flag(inversion: .prefixedNo, help: "Print a report once the run has ended by itself.")
    var report = true

    @Flag(help: "Tell of every checkpoint.")
    var verbose = false

    @OptionGroup var sharing: RoleOptions

    /// How lines for the operator are written.
    enum LogFormat: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Option(help: "How lines on standard error are written: text, or json for one object a line.")
    var logFormat = LogFormat.text

    func validate() throws {
        guard (0...31_536_000).contains(patience) else {
            throw ValidationError("--patience needs a number of seconds, at most a year")
        }
    }

    func run() async throws {
        // A person at a terminal sees when a line comes.
        let form: LogLine.Form = logFormat == .json ? .json : Terminal.isErrorTerminal ? .plain : .timed
        Notice.write(as: form)
        if let fault = DescriptorLimit.current.flatMap(DescriptorLimit.fault) {
            throw ExitCode(.machine, telling: fault, of: "gloss")
        }
        let file = self.topology
        let role = sharing.role
        let graph = try TopologyLoading.load(file, in: role, choose: role.part(of:))
        Notice.write(as: form, nodes: Set(graph.topology.nodes.map(\.id)))
        // A process that only reads the corpus asks nobody.
        if !role.isIngest { try await TopologyLoading.askEndpoints(of: graph, file: file) }
        var options = RunOptions(
            cores: threads ?? ProcessInfo.processInfo.activeProcessorCount, notice: { Notice.write($0, $1) })
        options.warning = { Notice.write($0, $1, level: .warning) }
        options.version = ProgramVersion.text
        options.service = ServiceNotice(environment: ProcessInfo.processInfo.environment)
        options.role = role
        options.untilDrained = untilDrained
        options.acceptGap = acceptGap
        options.serverPatience = .seconds(patience)
        options.source = (
            URL(fileURLWithPath: file).path, FileManager.default.currentDirectoryPath,
            (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        )
        if verbose {
            options.checkpointed = { epoch, fences in
                let places = fences.map { "\($0.topic)/\($0.partition) \($0.next)" }.joined(separator: ", ")
                Notice.write("checkpoint", "epoch \(epoch) is on disk: \(places)")
            }
        }
        let stop = StopSignal()
        let progress = RunProgress(memory: MemoryMeter(budget: graph.topology.state.memoryBytes))
        let reloads = ReloadRequests()
        let signals = StopSignals(stop, reload: { reloads.leave("by SIGHUP") })
        defer { signals.cancel() }

        let daemon = GlossDaemon(graph: graph, options: options, stop: stop, progress: progress, reloads: reloads)
        progress.expects(graph.expectedWork(in: role))
        let display = ProgressDisplay(progress: progress)
        let drawing = quiet ? nil : Task { await display.run() }
        let outcome: RunOutcome
        do {
            outcome = try await daemon.run()
        } catch {
            drawing?.cancel()
            Terminal.status("")
            throw ExitCode(telling: error, of: "gloss")
        }
        drawing?.cancel()
        await drawing?.value
        Terminal.status("")
        if !quiet {
            display.finish(outcome)
            if !role.isIngest { try close(graph, after: outcome) }
        }
        switch outcome.shortcoming {
        case .failed(let reason): throw ExitCode(.unfinished, telling: reason, of: "gloss")
        case .unfinished(let reason): throw ExitCode(.temporary, telling: reason, of: "gloss")
        case nil: break
        }
    }

    /// The latents listed at each end when a run is over.
    private static let listed = 5
    /// The bytes of evidence, of one reservoir, that are read again for the passages of the latents listed: some seconds.
    private static let readableEvidence = 128 << 20

    /// Prints what the state holds; after a stop, which must not wait until all of it is read, how to print it.
    private func close(_ graph: Graph, after outcome: RunOutcome) throws {
        let directory = graph.topology.state.directory
        guard !outcome.isStopped else {
            if let left = outcome.interruption { Notice.write("run", "stopped: \(left)") }
            return Notice.write("run", "stopped; `gloss report \(directory)` shows what there is")
        }
        guard report else { return }
        // A report reads every score, so it must not be made while the run's memory is still held.
        Allocator.returnFreeMemory()
        do {
            try ReportCommand.printTable(
                directory: directory, best: Self.listed, graph: graph, limit: Self.readableEvidence)
        } catch let failure as WriteFailure {
            // The run has done its work, whoever reads of it.
            if let text = CommandEnding(failure).text { Notice.write("run", text, level: .warning) }
        } catch {
            throw ExitCode(telling: error, of: "report")
        }
    }
}

import ArgumentParser
import Daemon
import Foundation
import Nodes
import Observability
import Running
import Topology

/// Shows what a node of a topology gives.
struct TapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tap",
        abstract:
            "Prints what a node gives, as JSON lines: documents, contexts, activations or codes with their tokens.",
        discussion: """
            Reads the sources from their start, runs what stands between them and the node, and keeps nothing: neither the \
            state nor the offsets of a daemon that runs the same topology change.
            """)

    @Argument(help: "The topology file.")
    var topology: String

    @Argument(help: "The node: a source, or a tokenize, forward or encode stage.")
    var node: String

    @Option(help: "Ends after so many lines.")
    var limit = 10

    @Option(help: "Prints one of so many documents or contexts, the first of each.")
    var every = 1

    @Option(help: "The most tokens that are shown of a context.")
    var tokens = 64

    @Flag(help: "Waits for more where the sources hold no more.")
    var follow = false

    func validate() throws {
        guard limit > 0, every > 0, tokens > 0 else {
            throw ValidationError("--limit, --every and --tokens need numbers of at least 1")
        }
    }

    func run() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gloss-tap-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let graph = try TopologyLoading.load(topology) { topology in
            guard let part = topology.part(giving: node, stateDirectory: folder) else {
                throw ExitCode(.configuration, telling: "\(self.topology) has no node \(node)", of: "tap")
            }
            guard let output = part.node(node)?.schema.output,
                [.documents, .contexts, .activations, .codes].contains(output)
            else {
                throw ExitCode(
                    .configuration,
                    telling:
                        "\(node) gives neither documents nor contexts, activations or codes: `gloss report` shows the rest",
                    of: "tap")
            }
            return part
        }
        let printer = TapPrinter(
            limit: limit, every: every, tokens: tokens, tokenDecoder: try graph.tokenDecoder(of: node))
        let stop = StopSignal()
        let signals = StopSignals(stop)
        defer { signals.cancel() }
        var options = RunOptions(
            cores: ProcessInfo.processInfo.activeProcessorCount, notice: { Notice.write($0, $1) })
        options.untilDrained = !follow
        options.tap = Tap(node: node) { batch in
            if try !printer.print(batch) { stop.raise() }
        }
        do {
            try await GlossDaemon(graph: graph, options: options, stop: stop, progress: RunProgress()).run()
        } catch {
            throw ExitCode(telling: error, of: "tap")
        }
    }
}

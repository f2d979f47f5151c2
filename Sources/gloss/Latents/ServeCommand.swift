import ArgumentParser
import Daemon
import Foundation
import LatentSheets
import Nodes
import Observability
import Running
import Serving
import StateNotes
import Store
import Topology

/// Serves pages and API of a state on which no daemon runs.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serves the pages and the API of a state directory, while no daemon works on it or beside one.",
        discussion: """
            Serves what is there until it is stopped; nothing is written. What a running daemon adds is seen as well, but for \
            examples and counts, which are those of the latest checkpoint when this began. Of a directory that holds the shares \
            of several processes (`shards-0-of-N` to `shards-(N-1)-of-N`) it serves the latents of all.
            """)

    @Argument(
        help: "The state directory, as `state.directory` of the topology names it; by default that of --topology.")
    var state: String?

    @Option(help: "The host and port to listen at: an address of this machine; port 0 for any that is free.")
    var address = "127.0.0.1:8686"

    @Option(help: "The topology file; by default the one by which the state was last worked on.")
    var topology: String?

    func validate() throws {
        if state == nil, topology == nil { throw ValidationError("give a state directory, or --topology") }
        guard let settings = HTTPSettings(address: address) else {
            throw ValidationError("--address needs a host and a port such as 127.0.0.1:8686")
        }
        guard settings.isLoopback else {
            throw ValidationError(
                "--address \(address) can be reached from other machines, and nothing here asks for a token: use 127.0.0.1, or "
                    + "a topology with `http: { address: …, token: … }`")
        }
    }

    func run() async throws {
        do {
            guard let state = try TopologyLoading.directory(state, of: topology) else { return }
            let stored = try StoredSheets(directory: state, topology: topology) { Notice.write("serve", $0) }
            guard let settings = HTTPSettings(address: address) else { return }
            let readiness = Readiness()
            let services = HTTPServices(
                readiness: readiness,
                metrics: RunMetrics(
                    progress: RunProgress(), version: ProgramVersion.text, topology: stored.topology, digest: ""
                ),
                topology: stored.topology)
            services.state.served = Served(
                reader: stored.reader, stateName: try StateName.name(of: stored.reader) ?? "state",
                sheets: stored.sheets, pipeline: stored.pipeline,
                probes: try stored.graph.map { try $0.textProbes(mode: $0.batchMode(), permits: nil) } ?? [:],
                meaning: stored.graph?.labelSearch,
                timers: [], lag: { [] })
            readiness.phase = .running
            let server = try await HTTPServer.start(
                at: settings, router: services.router(host: settings.host, token: nil),
                descriptors: DescriptorLimit.current ?? 256)
            let host = settings.host.contains(":") ? "[\(settings.host)]" : settings.host
            Notice.write("serve", "the pages are at http://\(host):\(server.port)/ until Ctrl-C")
            let stop = StopSignal()
            let signals = StopSignals(stop)
            defer { signals.cancel() }
            // A daemon may work on the state beside this.
            let news = Task { [changes = services.changes] in
                while true {
                    try await Task.sleep(for: .seconds(2))
                    changes.send()
                }
            }
            defer { news.cancel() }
            let (raised, continuation) = AsyncStream.makeStream(of: Void.self)
            stop.whenRaised { continuation.finish() }
            for await _ in raised {}
            services.changes.close()
            await server.close()
        } catch {
            throw ExitCode(telling: error, of: "serve")
        }
    }
}

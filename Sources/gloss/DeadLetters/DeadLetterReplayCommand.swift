import ArgumentParser
import Dataflow
import Foundation
import Kafka
import Nodes
import Store
import Topology

/// Sends refused records to their topics again.
struct DeadLetterReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Sends those refused records to their topics again that their source would take now.",
        discussion: """
            Each record is read from its topic, or taken as the state keeps it, and examined as the source would; what would be \
            refused again is left. It goes to the partition it came from, with its key, its headers and its time, and with the headers \
            gloss-replay-of and gloss-replays. A letter is sent once: a replay that was cut off goes on where it was. What was \
            sent again and refused again is left unless --again is given. The daemon need not run.
            """)

    @Argument(help: "The state directory; that of --topology where it is not given.")
    var state: String?

    @Option(
        help:
            "The topology by whose sources records are examined; by default the one by which the state was last worked on."
    )
    var topology: String?

    @Option(help: "Those that this source refused only.")
    var node: String?

    @Option(help: "Those of this code only, such as too-large.")
    var code: String?

    @Flag(help: "Also what was sent again before and refused again.")
    var again = false

    @Flag(help: "Tell what would be sent and what not, and why; nothing is sent.")
    var dryRun = false

    func validate() throws {
        if state == nil, topology == nil { throw ValidationError("give a state directory, or --topology") }
    }

    func run() async throws {
        do {
            let (graph, directory) = try subject()
            let notices: @Sendable (KafkaNotice) -> Void = { notice in
                guard notice.level == .warning || notice.level == .error else { return }
                Notice.write("dead-letters", notice.description, level: .warning)
            }
            let account = ReplayAccount(tellsEach: dryRun)
            let reader = try Store.reader(directory: directory)
            let pool = ComputePool(name: "dead-letters", threads: 1)
            let world = KafkaReplayWorld(
                reader: reader, ledger: dryRun ? nil : try ReplayLedger(directory: directory),
                sources: try await ReplaySources(of: graph, node: node, pool: pool, onNotice: notices),
                producers: ReplayProducers(onNotice: notices), pool: pool,
                selection: KafkaReplayWorld.Selection(node: node, code: code, allowsAgain: again),
                onLeft: account.leave)
            let result: Result<[String], any Error>
            do {
                result = .success(try await dryRun ? look(world, account) : send(world, account))
            } catch {
                result = .failure(error)
            }
            await world.producers.close()
            await world.sources.close()
            Terminal.status("")
            for line in try result.get() { try Terminal.print(line) }
        } catch let fault as StoredTopology.Fault {
            throw ExitCode(.configuration, telling: fault.description, of: "dead-letters")
        } catch {
            Terminal.status("")
            throw ExitCode(telling: error, of: "dead-letters")
        }
    }

    private func send(_ world: KafkaReplayWorld, _ account: ReplayAccount) async throws -> [String] {
        let (reader, node, code) = (world.reader, node, code)
        let total = try await world.pool.run { _ in try reader.unreplayedCount(node: node, code: code) }
        let (sent, found) = try await ReplayRun(world: world).run { sent in
            Terminal.status("sent again \(sent) of \(total), left \(account.leftCount)")
        }
        let before = found > 0 ? "; \(found) more had been sent by a replay that was cut off" : ""
        return ["\(sent) sent again, \(account.leftCount) left\(before)"] + account.reasons
    }

    private func look(_ world: KafkaReplayWorld, _ account: ReplayAccount) async throws -> [String] {
        var (count, last) = (0, Int64(0))
        while true {
            let page = try await world.choose(after: last)
            page.planned.forEach(account.plan)
            count += page.planned.count
            guard let end = page.last else { break }
            last = end
        }
        let begun = try await world.begun().count
        let lines = ["\(count) would be sent, \(account.leftCount) left"]
        guard begun > 0 else { return lines }
        return lines + [
            "\(begun) were begun by a replay that was cut off: the next one looks for them in the topics first"
        ]
    }

    /// The topology and the state directory.
    private func subject() throws -> (graph: Graph, directory: String) {
        if let topology {
            let graph = try TopologyLoading.loadText(topology).graph
            return (graph, state ?? graph.topology.state.directory)
        }
        // Relative paths of a stored topology are meant from where it was run, and that of the state from here.
        let directory = URL(fileURLWithPath: state ?? ".").path
        guard let stored = try StoredTopology(in: Store.reader(directory: directory)) else {
            throw ExitCode(
                .configuration,
                telling: "\(directory) does not say by which topology it was made; give it by --topology",
                of: "dead-letters")
        }
        guard FileManager.default.changeCurrentDirectoryPath(stored.directory) else {
            throw StoredTopology.Fault(
                "\(stored.file) was run in \(stored.directory), which is not there; give --topology")
        }
        return (stored.graph, directory)
    }
}

import ArgumentParser
import Elements
import Foundation
import Nodes
import Reports
import Store
import Topology

/// Prints the contents of a state directory.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints totals, coverage, scores per method and the evidence digest of a state directory.",
        discussion: """
            Of a directory that holds the shares of several processes (`shards-0-of-N` to `shards-(N-1)-of-N`) it prints one \
            report over all of them.
            """)

    @Argument(
        help: "The state directory, as `state.directory` of the topology names it; by default that of --topology.")
    var directory: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "How many of the best and worst latents to list.")
    var best = 10

    @Flag(
        help: """
            Read all results, however many there are. Without it a report of more than \(RunReport.usual) is of latents drawn at \
            random, and says so.
            """)
    var all = false

    /// The ways to split a table.
    enum Split: String, ExpressibleByArgument, CaseIterable {
        case source
    }

    @Option(help: "Also show activity by `source`; the JSON always has it.")
    var by: Split?

    @Option(
        help: """
            The topology file of the state: shows below each latent listed the passage in which it fires most strongly, and of \
            the shares of several processes the digest of all. Reads all evidence stored.
            """)
    var topology: String?

    func validate() throws {
        if best < 0 { throw ValidationError("--best needs a number of at least 0") }
        if directory == nil, topology == nil { throw ValidationError("give a state directory, or --topology") }
    }

    func run() async throws {
        do {
            let graph = try topology.map { try TopologyLoading.load($0) }
            guard let directory = directory ?? graph?.topology.state.directory else { return }
            if json {
                try Terminal.print(json: ReportJSON.text(Self.report(of: directory, by: graph, all: all)))
            } else {
                try Self.printTable(
                    directory: directory, best: best, areBySource: by == .source, graph: graph, all: all)
            }
        } catch {
            throw ExitCode(telling: error, of: "report")
        }
    }

    /// - Parameters:
    ///   - graph: The topology whose state it is, for passages below latents; `nil` for none.
    ///   - limit: The bytes of evidence above which a reservoir's passages are left out.
    ///   - all: Reads all results, however many there are.
    static func printTable(
        directory: String, best: Int, areBySource: Bool = false, graph: Graph? = nil, limit: Int = .max,
        all: Bool = false
    ) throws {
        let report = try Self.report(of: directory, by: graph, all: all)
        let passages = try graph?.passages(of: report.listed(best: best), in: directory, limit: limit)
        let table = ReportTable(
            report: report, best: best, width: Terminal.width, areBySource: areBySource, passages: passages ?? [:])
        try Terminal.print(table.text)
    }

    /// The report of a state directory, or of all shares in one; says what is beside a state and not in its report.
    private static func report(of directory: String, by graph: Graph?, all: Bool) throws -> RunReport {
        let report = try RunReport(directory: directory, most: all ? .max : RunReport.usual) { reader in
            try graph.map { try StoredEvidence.notes(of: $0, from: reader) } ?? [:]
        }
        if report.shares.isEmpty, let share = StateShares.found(in: directory).first {
            Notice.write(
                "report",
                "\(directory) holds the state of one process, which this is the report of, and \(share) of several beside it, "
                    + "which are not in it: give them a directory of their own", level: .warning)
        }
        return report
    }
}

import ArgumentParser
import Elements
import Foundation
import Nodes
import Reports

/// Prints the contents of a state directory.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Prints totals, coverage, scores per method and the evidence digest of a state directory.")

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var directory: String

    @Flag(help: "Print one JSON object.")
    var json = false

    @Option(help: "How many of the best and worst latents to list.")
    var best = 10

    /// The ways to split a table.
    enum Split: String, ExpressibleByArgument, CaseIterable {
        case source
    }

    @Option(help: "Also show activity by `source`; the JSON always has it.")
    var by: Split?

    @Option(
        help: """
            The topology file of the state: shows below each latent listed the passage in which it fires most strongly. \
            Reads all evidence stored.
            """)
    var topology: String?

    func validate() throws {
        if best < 0 { throw ValidationError("--best needs a number of at least 0") }
    }

    func run() async throws {
        do {
            if json {
                try Terminal.print(json: ReportJSON.text(RunReport(directory: directory)))
            } else {
                try Self.printTable(
                    directory: directory, best: best, areBySource: by == .source,
                    graph: topology.map({ try TopologyLoading.load($0) }))
            }
        } catch {
            throw ExitCode(telling: error, of: "report")
        }
    }

    /// - Parameters:
    ///   - graph: The topology whose state it is, for passages below latents; `nil` for none.
    ///   - limit: The bytes of evidence above which a reservoir's passages are left out.
    static func printTable(
        directory: String, best: Int, areBySource: Bool = false, graph: Graph? = nil, limit: Int = .max
    ) throws {
        let report = try RunReport(directory: directory)
        let passages = try graph?.passages(of: report.listed(best: best), in: directory, limit: limit)
        let table = ReportTable(
            report: report, best: best, width: Terminal.width, areBySource: areBySource, passages: passages ?? [:])
        try Terminal.print(table.text)
    }
}

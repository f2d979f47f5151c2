import ArgumentParser
import Elements
import Foundation
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

    func validate() throws {
        if best < 0 { throw ValidationError("--best needs a number of at least 0") }
    }

    func run() async throws {
        do {
            if json {
                try Terminal.print(json: ReportJSON.text(RunReport(directory: directory)))
            } else {
                try Self.printTable(directory: directory, best: best, areBySource: by == .source)
            }
        } catch {
            throw ExitCode(telling: error, of: "report")
        }
    }

    static func printTable(directory: String, best: Int, areBySource: Bool = false) throws {
        let table = ReportTable(
            report: try RunReport(directory: directory), best: best, width: Terminal.width,
            areBySource: areBySource)
        try Terminal.print(table.text)
    }
}

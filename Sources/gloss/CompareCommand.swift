import ArgumentParser
import Foundation
import Reports

/// Prints how far the scores of nodes lie apart.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract:
            "Sets two nodes beside each other: the difference of their scores, and whether it is told from chance.",
        discussion: """
            Two explain nodes are compared by the score nodes that have scored both, two score nodes over the explanations that \
            both have scored, and two encode nodes by the means of their latents. Without --nodes every pair that shares latents \
            is printed, in the order of the paper's tables.
            """)

    @Argument(help: "The state directory, as `state.directory` of the topology names it.")
    var directory: String

    @Option(help: "The two nodes, with a comma between them.")
    var nodes: String?

    @Option(help: "Compare scores of this method alone.")
    var method: String?

    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(
        help: """
            Read all results, however many there are. Without it what is compared of more than \(RunReport.usual) are latents drawn \
            at random.
            """)
    var all = false

    func validate() throws {
        if nodes != nil, pair == nil { throw ValidationError("--nodes needs two names with a comma, such as a,b") }
    }

    /// The nodes that are asked for.
    private var pair: (a: String, b: String)? {
        guard let parts = nodes?.split(separator: ",", omittingEmptySubsequences: false), parts.count == 2 else {
            return nil
        }
        let names = parts.map { $0.trimmingCharacters(in: .whitespaces) }
        return names.contains("") ? nil : (names[0], names[1])
    }

    func run() async throws {
        do {
            let found = try NodeComparisons(
                directory: directory, nodes: pair, method: method, most: all ? .max : RunReport.usual)
            if json {
                try Terminal.print(json: ComparisonJSON.text(found.all))
            } else {
                try Terminal.print(ComparisonTable(found.all, width: Terminal.width).text)
            }
            // On the other stream, as it is no comparison.
            if !found.drawn.isEmpty { Notice.write("compare", DrawnResults.sentence(found.drawn)) }
        } catch {
            throw ExitCode(telling: error, of: "compare")
        }
    }
}

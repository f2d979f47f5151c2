import ArgumentParser
import Nodes
import Topology

/// Checks topology files.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks topology files: every error with its line and column. Exits 78 where there is one.")

    @Argument(help: "Topology files.")
    var files: [String]

    func run() async throws {
        do {
            try validateAll()
        } catch {
            throw ExitCode(telling: error, of: "validate")
        }
    }

    private func validateAll() throws {
        var isSound = true
        for file in files {
            // A topology may name more coders than memory holds at once.
            let (graph, diagnostics, text) = try TopologyLoading.read(file, keepsWeights: false)
            for diagnostic in diagnostics { TopologyLoading.write(diagnostic, text: text) }
            if let topology = graph?.topology {
                try Terminal.print("\(file): \(topology.name) is sound, \(topology.nodes.count) nodes")
            } else {
                isSound = false
            }
        }
        if !isSound { throw ExitCode(78) }
    }
}

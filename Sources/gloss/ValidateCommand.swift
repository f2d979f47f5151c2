import ArgumentParser
import Nodes
import Running
import Topology

/// Checks topology files.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks topology files: every error with its line and column. Exits 78 where there is one.",
        discussion: "With --role, also whether a process can do that part of each topology's work.")

    @Argument(help: "Topology files.")
    var files: [String]

    @OptionGroup var sharing: RoleOptions

    func run() async throws {
        do {
            try validateAll()
        } catch {
            throw ExitCode(telling: error, of: "validate")
        }
    }

    private func validateAll() throws {
        var isSound = true
        let role = sharing.role
        let part = sharing.name.map { ", for --role \($0.rawValue)" } ?? ""
        for file in files {
            // A topology may name more coders than memory holds at once.
            let (graph, diagnostics, text) = try TopologyLoading.read(
                file, keepsWeights: false, in: role, choose: role.part(of:))
            for diagnostic in diagnostics { TopologyLoading.write(diagnostic, text: text) }
            if let topology = graph?.topology {
                try Terminal.print("\(file): \(topology.name) is sound, \(topology.nodes.count) nodes\(part)")
            } else {
                isSound = false
            }
        }
        if !isSound { throw ExitCode(78) }
    }
}

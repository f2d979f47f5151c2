import ArgumentParser
import Foundation
import PipelineSheets
import Serving

/// Draws a topology.
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws a topology: what reads what and, with --live, what flows and what holds it up.",
        discussion: """
            Without --live a topology file is enough; nothing that it names is opened. With --live the daemon at an address is \
            asked, or that of a topology file if it answers; of a state directory the jobs and dead letters are told, no rates. \
            A daemon that asks for a token is sent that in the environment variable GLOSS_TOKEN.
            """)

    @Argument(help: "The topology file; or a state directory; or a daemon's address, such as http://127.0.0.1:8080.")
    var from: String

    @Flag(help: "Tell what flows just now, as the daemon or the state directory knows it.")
    var live = false

    /// How a graph is written.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, mermaid, dot, json
    }

    @Option(help: "How it is written: text, mermaid, dot, or json as the API answers.")
    var format = Format.text

    func run() async throws {
        do {
            let sheet = try await sheet()
            guard let drawing = PipelineDrawing(rawValue: format.rawValue) else {
                return try Terminal.print(json: SheetJSON.text(sheet))
            }
            let lines = drawing.lines(of: sheet, width: Terminal.width)
            try Terminal.print(lines.joined(separator: "\n"))
        } catch {
            throw ExitCode(telling: error, of: "graph")
        }
    }

    private func sheet() async throws -> PipelineSheet {
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: from, isDirectory: &isDirectory)
        if !live, exists, !isDirectory.boolValue { return try WatchedPipeline.sheet(ofFile: from) }
        return try await WatchedPipeline.sheet(at: SheetSource.found(at: from))
    }
}

import Foundation
import Topology

/// The faults of the nodes of a graph, each with its place in the file.
struct NodeFindings {
    /// The file's name.
    let file: String
    /// The diagnostics, in the order in which they were found.
    private(set) var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    /// Reports something wrong.
    mutating func report(_ code: DiagnosticCode, _ mark: SourceMark, _ message: String, help: String? = nil) {
        diagnostics.append(Diagnostic(code, file: file, mark: mark, message: message, help: help))
    }

    /// The help for a path at which there is nothing.
    static var pathHelp: String {
        "paths are relative to the working directory, \(FileManager.default.currentDirectoryPath)"
    }
}

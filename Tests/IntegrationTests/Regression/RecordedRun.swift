import Foundation
import TestSupport
import Testing

/// A folder in which commands run, so that no path that they see or say is one of this machine.
struct RecordedRun {
    private let folder: TemporaryFolder
    private let program: GlossProgram

    /// Copies the recorded topologies and links to the models and coders.
    init(environment: [String: String]) throws {
        folder = try TemporaryFolder()
        program = GlossProgram(environment: environment, folder: URL(filePath: folder.path))
        let files = FileManager.default
        for name in ["topology.yaml", "bad.yaml", "misfit.yaml", "labels.jsonl"] {
            try files.copyItem(atPath: RecordedGolden.folder.appending(path: name).path, toPath: folder.file(name))
        }
        for (name, place) in [
            ("models", "models"), ("sae", "topologies/quickstart/sae"), ("coders", "Tests/Golden/coders"),
        ] {
            try files.createSymbolicLink(
                atPath: folder.file(name), withDestinationPath: Folders.root.appending(path: place).path)
        }
    }

    /// The path of a file of the folder.
    func file(_ name: String) -> String { folder.file(name) }

    /// When the corpus was written, in seconds since 1970: 1 January 2024, since a record without a time has its file's, and
    /// evidence notes the day.
    private static let written = 1_704_067_200.0

    /// Writes the first documents of the quickstart's corpus after records that cannot be read.
    func writeCorpus(documents: Int) throws {
        let shell = Process()
        shell.executableURL = URL(filePath: "/bin/sh")
        shell.arguments = [
            "-c",
            """
            { printf '{"id": "no text"}\\n{"text": \\n'; gzip -dc "$1" 2>/dev/null | head -n \(documents); } > "$2"
            """,
            "sh", Folders.quickstart.appending(path: "corpus.ndjson.gz").path, folder.file("corpus.ndjson"),
        ]
        try shell.run()
        shell.waitUntilExit()
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Self.written)], ofItemAtPath: folder.file("corpus.ndjson"))
    }

    /// What a command prints, which must end with 0.
    func output(_ arguments: [String]) async throws -> String {
        let outcome = try await outcome(arguments, environment: [:])
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome.output
    }

    /// Runs a command; returns it with its exit status and all that it says, where FOLDER is the folder in which it ran and
    /// TIME the time of a log line; of how well a coder fits the numbers are N.
    func perform(_ arguments: [String], environment: [String: String] = [:]) async throws -> String {
        let outcome = try await outcome(arguments, environment: environment)
        let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value) " }.joined()
        let said = """
            $ \(variables)gloss \(arguments.joined(separator: " "))
            exit status \(outcome.status)
            \(Self.block("output", outcome.output))\(Self.block("errors", outcome.errors))

            """
        return said.replacing(folder.path, with: "FOLDER")
            .replacing(#/\d{4}-\d\d-\d\dT[\d:.]+Z (info|warning|error) /#) { "TIME \($0.output.1) " }
            // How many tokens have come when a coder's fit is said depends on how they are batched.
            .replacing(#/\d+ % of the variance explained(.*) over \d+ tokens/#) {
                "N % of the variance explained\($0.output.1) over N tokens"
            }
    }

    /// The text of a file.
    func text(of name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: file(name))), as: UTF8.self)
    }

    /// The texts of all files of a folder, in the order of their names, which stand before them.
    func text(ofFolder name: String) throws -> String {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: file(name)).sorted()
        return try paths.map { path in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: file("\(name)/\(path)"), isDirectory: &isFolder)
            return isFolder.boolValue ? "" : "=== \(path)\n\(try text(of: "\(name)/\(path)"))\n"
        }.joined()
    }

    private static func block(_ name: String, _ text: String) -> String {
        text.isEmpty ? "" : "--- \(name)\n\(text.hasSuffix("\n") ? text : text + "\n")"
    }

    /// Runs a command on a thread of its own: the judge in this process must not be kept waiting.
    private func outcome(
        _ arguments: [String], environment: [String: String]
    ) async throws -> GlossProgram.Outcome {
        var program = program
        program.environment.merge(environment) { $1 }
        return try await withCheckedThrowingContinuation { [program] continuation in
            Thread.detachNewThread { continuation.resume(with: Result { try program.run(arguments) }) }
        }
    }
}

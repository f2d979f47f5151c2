import ArgumentParser
import Elements
import StateNotes
import Store
import TerminalText

/// Copies a state directory.
struct StateCopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copies a state directory at one moment, also while a daemon runs on it, and checks the copy.",
        discussion: """
            The daemon goes on; its log grows meanwhile by what it writes. The copy is made in DESTINATION.copying, compared \
            with the original, and then gets its name: it is there whole or not at all. A run can go on from it, here or on \
            another machine; two runs must not go on from one state unless their results go to different places.
            """)

    @Argument(help: "The state directory, as `state.directory` names it.")
    var state: String

    @Argument(help: "The new directory, in a folder that is there.")
    var destination: String

    @Flag(help: "Replaces a state that is there, if no daemon runs on it.")
    var force = false

    func run() throws {
        let copy = StateCopy(of: state, to: destination, replacing: force)
        let signals = CancellingSignals { copy.cancel() }
        defer { signals.cancel() }
        do {
            let (outline, bytes) = try copy.run { Terminal.status(CopyText.progress($0)) }
            Terminal.status("")
            let notes = try EvidenceNote.notes.all(in: Store.reader(directory: destination))
            let tokens = notes.map(\.totals.tokens).max() ?? 0
            try Terminal.print(
                "copied \(state) to \(destination): \(CopyText.account(of: outline, tokens: tokens, bytes: bytes))")
            try Terminal.print("the copy was read whole: its pages are sound, its figures those of the state")
        } catch {
            Terminal.status("")
            throw ExitCode(telling: error, of: "state")
        }
    }
}

/// What is told of a copy.
enum CopyText {
    /// How far it is, on one line.
    static func progress(_ progress: StateCopyProgress) -> String {
        switch progress.step {
        case .checking: return "checking \(ByteText(progress.total))"
        case .copying:
            let share = progress.total > 0 ? 100 * Double(progress.bytes) / Double(progress.total) : 100
            return "copying \(ByteText(progress.bytes)) of \(ByteText(progress.total)), \(Int(share)) %"
        }
    }

    /// What was copied.
    ///
    /// - Parameter tokens: The tokens that its evidence counts.
    static func account(of outline: StateOutline, tokens: UInt64, bytes: Int) -> String {
        let jobs = outline.rows["job"] ?? 0
        let results = (outline.rows["explanation"] ?? 0) + (outline.rows["score"] ?? 0)
        return [
            outline.epoch.map { "checkpoint \($0)" } ?? "no checkpoint yet",
            "topology '\(outline.topology ?? "")'", "\(tokens) tokens", "\(jobs) \(jobs == 1 ? "job" : "jobs")",
            "\(results) explanations and scores", "\(ByteText(bytes))",
        ].joined(separator: ", ")
    }
}

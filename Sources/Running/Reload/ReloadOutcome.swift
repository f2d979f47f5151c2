package import Topology

/// What has come of reading the topology file of a run again.
package enum ReloadOutcome: Sendable, Hashable {
    /// The file says what runs already.
    case unchanged
    /// What has changed runs now.
    case applied([SettingChange])
    /// The file has faults, or changes what cannot be changed; what ran goes on.
    case refused([Diagnostic])
    /// It could not be done, for a reason that is no fault of the file; what ran goes on.
    case failed(String)

    /// It came after the run's end.
    package static var tooLate: ReloadOutcome { .failed("the run is over, or is stopping") }

    /// Whether the file and what runs are the same now.
    package var isInSync: Bool {
        switch self {
        case .unchanged, .applied: true
        case .refused, .failed: false
        }
    }

    /// What an operator is told, a line each.
    package var lines: [String] {
        switch self {
        case .unchanged: ["nothing has changed: the file says what runs"]
        case .applied(let changes): ["the file was read again and runs now: " + Self.list(changes.map(\.description))]
        case .refused(let diagnostics):
            ["the file was read again and is refused, so that what ran goes on:"] + diagnostics.map(Self.line)
        case .failed(let reason): ["the file was not taken, so that what ran goes on: \(reason)"]
        }
    }

    /// A diagnostic on one line, with its place.
    package static func line(_ diagnostic: Diagnostic) -> String {
        let place = diagnostic.mark.map { "\(diagnostic.file):\($0.line):\($0.column)" } ?? diagnostic.file
        return "\(place): \(diagnostic.code) \(diagnostic.message)" + (diagnostic.help.map { "; \($0)" } ?? "")
    }

    private static let listed = 8

    private static func list(_ items: [String]) -> String {
        let rest = items.count - listed
        return items.prefix(listed).joined(separator: "; ") + (rest > 0 ? "; and \(rest) more" : "")
    }
}

import ArgumentParser
import TerminalText

/// How a command ends for an error.
struct CommandEnding: Sendable, Hashable {
    /// The code that the process exits with.
    let exitCode: Int32
    /// What can be done about it; `nil` if there is nothing to tell.
    let kind: FailureKind?
    /// What is told; `nil` for nothing.
    let text: String?

    /// As shells tell of a program that SIGPIPE ended: who reads has gone, as `head` does when it has enough.
    private static let closedPipe: Int32 = 141

    /// Makes the ending for an error.
    ///
    /// - Parameter given: What failures count as that are neither the machine's nor temporary; `nil` for the kind they
    ///   state.
    init(_ error: any Error, given: FailureKind? = nil) {
        switch error {
        case let code as ExitCode: (exitCode, kind, text) = (code.rawValue, nil, nil)
        case let failure as WriteFailure where failure.isClosedPipe:
            (exitCode, kind, text) = (Self.closedPipe, nil, nil)
        default:
            let stated = FailureKind(of: error)
            let kind = stated == .machine || stated == .temporary ? stated : given ?? stated
            let text = (error as? WriteFailure).map { "standard output cannot be written: \($0)" } ?? "\(error)"
            (exitCode, self.kind, self.text) = (kind.exitCode, kind, text)
        }
    }
}

extension ExitCode {
    /// Tells why a command ends, if there is something to tell, and gives the code that it exits with.
    init(telling error: any Error, of command: String, given: FailureKind? = nil) {
        let ending = CommandEnding(error, given: given)
        if let text = ending.text { Notice.write(command, text, level: .error, cause: ending.kind) }
        self.init(ending.exitCode)
    }

    /// Tells why a command ends and gives the code of a kind of failure.
    init(_ kind: FailureKind, telling text: String, of command: String) {
        Notice.write(command, text, level: .error, cause: kind)
        self.init(kind.exitCode)
    }
}

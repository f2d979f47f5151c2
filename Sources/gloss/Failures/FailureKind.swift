import Foundation
import WeightFiles

/// What can be done about a failure, which decides the exit code (sysexits.h).
enum FailureKind: Sendable, Hashable, CaseIterable {
    /// What was read is damaged, or is not what it was: look at the data.
    case data
    /// What was to be read is not there, or may not be read.
    case missing
    /// Gloss itself is at fault.
    case fault
    /// The disk is full or read-only, files or memory are used up, a device fails: look at the machine.
    case machine
    /// Jobs have failed for good, so that results are missing: look at their reasons.
    case unfinished
    /// A broker, a judge or another process stands in the way: the same command may succeed later.
    case temporary
    /// A token is missing or wrong.
    case denied
    /// The topology, or what it names, does not fit: never so.
    case configuration

    /// The code that the process exits with.
    var exitCode: Int32 {
        switch self {
        case .data: 65
        case .missing: 66
        case .unfinished: 69
        case .fault: 70
        case .machine: 74
        case .temporary: 75
        case .denied: 77
        case .configuration: 78
        }
    }

    /// The kind as a word.
    var name: String {
        switch self {
        case .data: "data"
        case .missing: "missing"
        case .unfinished: "unfinished"
        case .fault: "fault"
        case .machine: "machine"
        case .temporary: "temporary"
        case .denied: "denied"
        case .configuration: "configuration"
        }
    }
}

/// An error that says what can be done about it.
protocol StatesFailureKind: Error {
    /// What can be done about it.
    var failureKind: FailureKind { get }
}

extension FailureKind {
    /// The kind of any error; one that states none is a fault of Gloss.
    init(of error: any Error) {
        switch error {
        case let error as any StatesFailureKind: self = error.failureKind
        default: self = SystemRefusal(error).map(Self.init) ?? .fault
        }
    }

    /// The kind of a refused call to the operating system.
    init(_ refusal: SystemRefusal) {
        switch refusal.code {
        case ENOENT, ENOTDIR, EACCES, EPERM, EISDIR, ELOOP, ENAMETOOLONG: self = .missing
        case EAGAIN, EINTR, EBUSY, ETIMEDOUT, ECONNREFUSED, ECONNRESET, EHOSTUNREACH, ENETUNREACH: self = .temporary
        default: self = .machine
        }
    }
}

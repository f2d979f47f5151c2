import Synchronization

/// Names that have come, each of which counts once.
final class Once<Name: Hashable & Sendable>: Sendable {
    private let names: Mutex<Set<Name>>

    /// Makes one to which some names have come.
    init(_ names: Set<Name> = []) { self.names = Mutex(names) }

    /// Takes a name; returns whether it had not come before.
    func insert(_ name: Name) -> Bool { names.withLock { $0.insert(name).inserted } }
}

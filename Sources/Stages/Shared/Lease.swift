import Synchronization

/// A node's use of something shared by several nodes: once the last lease has ended, nothing more is kept.
///
/// It ends when the node has finished, and at the latest when the lease is released.
package final class Lease: Sendable {
    private let release: Mutex<(@Sendable () async -> Void)?>

    fileprivate init(release: @escaping @Sendable () async -> Void) { self.release = Mutex(release) }

    deinit {
        if let release = takeRelease() { Task { await release() } }
    }

    /// Ends the use; does nothing the second time.
    package func end() async { await takeRelease()?() }

    private func takeRelease() -> (@Sendable () async -> Void)? {
        release.withLock { release in
            defer { release = nil }
            return release
        }
    }
}

/// Counts the leases of one thing.
package final class LeaseCount: Sendable {
    private let count = Mutex(0)

    /// A further lease; `clear` is called when the last has ended.
    package func lease(clearing clear: @escaping @Sendable () async -> Void) -> Lease {
        count.withLock { $0 += 1 }
        return Lease { [self] in
            let isLast = count.withLock { count in
                count -= 1
                return count == 0
            }
            if isLast { await clear() }
        }
    }
}

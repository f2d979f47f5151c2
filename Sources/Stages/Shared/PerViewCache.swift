package import Elements
package import Hashing

/// Keeps values made from views of evidence, so that each is made once, whichever nodes ask for it.
package actor PerViewCache<Made: Sendable> {
    private struct Key: Hashable {
        let epoch: UInt64
        let evidence: Hash128
        let variant: Hash128?
    }

    /// Nodes may be a view apart.
    private static var viewsHeld: Int { 2 }

    private struct Held {
        let key: Key
        let task: Task<Made, any Error>
        /// What has been counted for it so far.
        var bytes = 0
    }

    private let count: MemoryCount<Made>?
    private var held: [Held] = []

    /// Makes an empty cache; without `count` the bytes of its values are not counted.
    package init(count: MemoryCount<Made>? = nil) { self.count = count }

    /// The value made from a view, made now if needed; `variant` distinguishes several values made from one view.
    ///
    /// A value that failed is made anew when it is requested again. Throws the errors of `make`.
    package func made(
        of update: EvidenceUpdate, variant: Hash128? = nil, by make: @escaping @Sendable () async throws -> Made
    ) async throws -> Made {
        let key = Key(epoch: update.epoch, evidence: update.view.digest, variant: variant)
        if let held = held.first(where: { $0.key == key }) { return try await held.task.value }
        let task = Task { try await make() }
        while held.count >= Self.viewsHeld { release(held.removeFirst()) }
        held.append(Held(key: key, task: task))
        do {
            let made = try await task.value
            // It may have been let go of meanwhile.
            if let count, let place = held.firstIndex(where: { $0.key == key }), held[place].bytes == 0 {
                held[place].bytes = count.keep(made)
            }
            return made
        } catch {
            held.removeAll { $0.key == key }
            throw error
        }
    }

    /// Releases all values held.
    package func clear() {
        for value in held { release(value) }
        held = []
    }

    private func release(_ value: Held) { count?.release(value.bytes) }
}

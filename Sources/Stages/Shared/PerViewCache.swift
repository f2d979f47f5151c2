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

    private var held: [(key: Key, task: Task<Made, any Error>)] = []

    /// The value made from a view, made now if needed; `variant` distinguishes several values made from one view.
    ///
    /// A value that failed is made anew when it is requested again. Throws the errors of `make`.
    package func made(
        of update: EvidenceUpdate, variant: Hash128? = nil, by make: @escaping @Sendable () async throws -> Made
    ) async throws -> Made {
        let key = Key(epoch: update.epoch, evidence: update.view.digest, variant: variant)
        if let held = held.first(where: { $0.key == key }) { return try await held.task.value }
        let task = Task { try await make() }
        held = held.suffix(Self.viewsHeld - 1) + [(key, task)]
        do {
            return try await task.value
        } catch {
            held.removeAll { $0.key == key }
            throw error
        }
    }

    /// Releases all values held.
    package func clear() { held = [] }
}

package import Elements
package import Hashing

/// Keeps what is made of views of evidence, so that it is made once for each, whichever nodes ask for it.
package actor PerViewCache<Made: Sendable> {
    private struct Key: Hashable {
        let epoch: UInt64
        let evidence: Hash128
        let variant: Hash128?
    }

    /// Nodes may be a view apart.
    private static var viewsHeld: Int { 2 }

    private var held: [(key: Key, task: Task<Made, any Error>)] = []

    /// What was made of a view, or is made now; `variant` tells apart what is made of one view in several ways.
    ///
    /// What failed is made anew when it is asked for again. Throws what `make` throws.
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

    /// Lets go of all that is held.
    package func clear() { held = [] }
}

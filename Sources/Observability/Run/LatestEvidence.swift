package import Elements
import Synchronization

/// The evidence that each reservoir held at its latest barrier, by the coder's name.
package final class LatestEvidence: Sendable {
    private let held = Mutex<[String: EvidenceUpdate]>([:])
    private let onPut: @Sendable () -> Void

    /// Makes one without evidence; `onPut` is called whenever there is more.
    package init(onPut: @escaping @Sendable () -> Void = {}) { self.onPut = onPut }

    /// The evidence of a coder's latents; `nil` before the first barrier.
    package func update(of coder: String) -> EvidenceUpdate? { held.withLock { $0[coder] } }

    /// The names of all coders with evidence, sorted.
    package var coders: [String] { held.withLock { $0.keys.sorted() } }

    /// Replaces the evidence of a coder.
    package func put(_ update: EvidenceUpdate) {
        held.withLock { $0[update.view.coder.name] = update }
        onPut()
    }
}

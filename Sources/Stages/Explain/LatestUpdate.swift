package import Elements
import Synchronization

/// The evidence as it was at the latest barrier that a stage has seen.
package final class LatestUpdate: Sendable {
    private let held = Mutex<EvidenceUpdate?>(nil)

    /// The update; `nil` before the first.
    package var update: EvidenceUpdate? {
        get { held.withLock { $0 } }
        set { held.withLock { $0 = newValue } }
    }
}

import Dataflow
import Elements
import Synchronization

/// Where explain nodes take the evidence of reservoirs from: they can be built anew while the reservoirs go on.
package final class EvidenceOutlets: Sendable {
    private let outlets = Mutex<[String: ReaderSwitch<EvidenceUpdate>]>([:])

    /// Makes outlets of no reservoir yet.
    package init() {}

    /// The outlet of a reservoir.
    func outlet(of reservoir: String) -> ReaderSwitch<EvidenceUpdate> {
        outlets.withLock { outlets in
            if let outlet = outlets[reservoir] { return outlet }
            let outlet = ReaderSwitch<EvidenceUpdate>()
            outlets[reservoir] = outlet
            return outlet
        }
    }

    /// Takes all readers away, who see the end of their input.
    package func detach() async throws {
        for outlet in outlets.withLock({ Array($0.values) }) { try await outlet.detach() }
    }
}

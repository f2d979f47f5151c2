package import Elements
import Foundation
import Running
package import Store

extension PlannedJob {
    /// The plan that the payload holds.
    ///
    /// - Throws: `DaemonError` if it cannot be read, as after a downgrade.
    package func plan<Plan: Decodable>(_ type: Plan.Type) throws -> Plan {
        do {
            return try JSONDecoder().decode(type, from: Data(payload))
        } catch {
            throw DaemonError(.runtime, "job \(id) of node \(node): its plan cannot be read: \(error)")
        }
    }

    /// A job that carries its plan.
    package init(
        id: JobID, node: String, kind: JobKind, coder: String, latent: Int, plan: some Encodable, worth: Double = 0
    ) throws {
        let payload = try JSONEncoder().encode(plan)
        self.init(id: id, node: node, kind: kind, coder: coder, latent: latent, payload: Array(payload), worth: worth)
    }
}

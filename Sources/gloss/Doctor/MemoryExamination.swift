import Daemon
import Dataflow
import Evidence
import Foundation
import SparseCoders
import Topology

/// The most memory that the evidence of a topology can take, against what the topology and the machine allow.
enum MemoryExamination {
    /// The findings, and the bound in bytes where it is known; reads the coders, so it blocks.
    static func examine(_ topology: Topology) -> (findings: [Finding], bound: Int?) {
        do {
            let reservoirs = topology.nodes.filter { $0.schema.type == "reservoir" }
            let bound = try reservoirs.reduce(0) { total, node in
                let (sum, overflows) = total.addingReportingOverflow(try Self.bound(of: node, in: topology))
                return overflows ? .max : sum
            }
            return ([finding(bound: bound, allowed: topology.state.memoryBytes)], bound)
        } catch {
            return ([Finding(.fail, "memory", "\(error)")], nil)
        }
    }

    private static func finding(bound: Int, allowed: Int) -> Finding {
        let found = "evidence takes at most \(ByteText(bound))"
        if bound > allowed {
            return Finding(
                .fail, "memory",
                "\(found), state.memory allows \(ByteText(allowed)): raise it, or lower `sample`, `top` or `pool` of the reservoirs"
            )
        }
        let physical = ProcessInfo.processInfo.physicalMemory
        if UInt64(clamping: bound) > physical {
            return Finding(
                .warn, "memory",
                "\(found), this machine has \(ByteText(physical)): lower `sample`, `top` or `pool` of the reservoirs")
        }
        return Finding(
            .ok, "memory", "\(found), state.memory allows \(ByteText(allowed)), this machine has \(ByteText(physical))")
    }

    private static func bound(of node: Node, in topology: Topology) throws -> Int {
        guard let encode = node.inputs.first.flatMap({ topology.node($0.node) }) else {
            throw TopologyError.missingField(node: node.id, field: "inputs")
        }
        return try ReservoirPlan(node, in: topology).memoryBound(latents: topology.latentCount(of: encode))
    }
}

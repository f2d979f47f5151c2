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
        let found = "evidence takes at most \(ByteSize(bound))"
        if bound > allowed {
            return Finding(
                .fail, "memory",
                "\(found), state.memory allows \(ByteSize(allowed)): raise it, or lower `sample`, `top` or `pool` of the reservoirs"
            )
        }
        let physical = ProcessInfo.processInfo.physicalMemory
        if UInt64(clamping: bound) > physical {
            return Finding(
                .warn, "memory",
                "\(found), this machine has \(ByteSize(physical)): lower `sample`, `top` or `pool` of the reservoirs")
        }
        return Finding(
            .ok, "memory", "\(found), state.memory allows \(ByteSize(allowed)), this machine has \(ByteSize(physical))")
    }

    /// The most bytes that one reservoir can take, as the daemon reckons it.
    private static func bound(of node: Node, in topology: Topology) throws -> Int {
        let settings = try ReservoirSettings(
            window: node.required("window", Node.integer), sample: node.required("sample", Node.integer),
            top: node.required("top", Node.integer), pool: node.required("pool", Node.integer),
            recent: node.required("recent", Node.integer),
            seed: UInt64(clamping: node.required("seed", Node.integer)))
        guard let encode = node.inputs.first.flatMap({ topology.node($0.node) }) else {
            throw TopologyError.missingField(node: node.id, field: "inputs")
        }
        let coder = try SparseCoder(folder: encode.required("coder", Node.path))
        return Reservoir.memoryBound(
            settings: settings, latents: coder.latents, contextLength: contextLength(above: node, in: topology) ?? 256)
    }

    /// The longest context that a node can be given, in tokens.
    private static func contextLength(above node: Node, in topology: Topology) -> Int? {
        if node.schema.type == "tokenize" { return node.integer("context") }
        return node.inputs.compactMap { topology.node($0.node) }
            .compactMap { contextLength(above: $0, in: topology) }.max()
    }
}

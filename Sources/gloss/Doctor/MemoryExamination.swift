import Foundation
import Nodes
import TerminalText
import Topology

/// The memory that evidence, explaining and scoring are expected to take, against what the topology and the machine allow.
enum MemoryExamination {
    /// The findings, and the bound of the evidence in bytes if it is known; reads the coders, so it blocks.
    static func examine(_ graph: Graph) -> (findings: [Finding], bound: Int?) {
        do {
            let cores = ProcessInfo.processInfo.activeProcessorCount
            let memory = try TopologyMemory(of: graph, cores: cores)
            return ([finding(memory, allowed: graph.topology.state.memoryBytes)], memory.evidence)
        } catch {
            return ([Finding(.fail, "memory", "\(error)")], nil)
        }
    }

    private static func finding(_ memory: TopologyMemory, allowed: Int) -> Finding {
        if let excess = memory.excess(over: allowed) { return Finding(.fail, "memory", excess) }
        let physical = ProcessInfo.processInfo.physicalMemory
        let found = "\(memory.text), state.memory allows \(ByteText(allowed)), this machine has \(ByteText(physical))"
        if let lowering = memory.lowering(within: allowed) {
            return Finding(.warn, "memory", "\(memory.text); \(lowering)")
        }
        return UInt64(clamping: min(memory.bytes, allowed)) > physical
            ? Finding(.warn, "memory", "\(found): set state.memory below that") : Finding(.ok, "memory", found)
    }
}

import Elements
import StateNotes
import Store

/// Where a start goes on that finds the state of an earlier process.
struct Resumption: Sendable, Hashable {
    /// The last checkpoint.
    var epoch: UInt64
    /// The tokens that evidence counts, by reservoir.
    var tokens: [String: UInt64] = [:]
    /// Where the sources have been read to.
    var fences: [Fence] = []
    /// The jobs that are left, those that failed and are tried once more among them, by node.
    var jobs: [String: Int] = [:]

    /// The partitions that are named.
    private static let named = 4

    /// In words, for a person.
    var text: String {
        var parts = tokens.sorted { $0.key < $1.key }.map { "\($0.key) counts \($0.value) tokens" }
        var places = fences.sorted {
            ($0.source, $0.topic, $0.partition) < ($1.source, $1.topic, $1.partition)
        }.prefix(Self.named).map { "\($0.source) goes on at \($0.next) of \($0.topic)/\($0.partition)" }
        if fences.count > Self.named { places.append("\(fences.count - Self.named) more partitions") }
        parts += places
        let left = jobs.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }
        parts.append(left.isEmpty ? "no job is left" : "jobs left: \(left.joined(separator: ", "))")
        return "going on from checkpoint \(epoch): \(parts.joined(separator: "; "))"
    }
}

extension Resumption {
    /// Reads where the state of a topology's nodes stands; `nil` without a checkpoint.
    init?(of state: any StateKeeper, results: any ResultKeeper, nodes: Set<String>) throws {
        guard let checkpoint = try state.latestCheckpoint() else { return nil }
        self.init(epoch: checkpoint.epoch, fences: checkpoint.fences)
        for note in try EvidenceNote.notes.all(in: state) where nodes.contains(note.node) {
            tokens[note.node] = note.totals.tokens
        }
        for (node, states) in try results.jobStates() where nodes.contains(node) {
            jobs[node] = (states[.open] ?? 0) + (states[.failed] ?? 0)
        }
    }
}

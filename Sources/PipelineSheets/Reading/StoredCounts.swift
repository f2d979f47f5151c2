package import Store

/// What a state says of the work of a topology, whether a daemon runs or not.
package struct StoredCounts: Sendable {
    /// Jobs by node and state.
    package var jobs: [String: [JobState: Int]] = [:]
    /// Records refused, by source and reason.
    package var deadLetters: [PipelineSheet.DeadLetters] = []
    /// Messages that wait for each sink.
    package var pending: [String: Int] = [:]

    /// Makes counts of a topology that has no state yet.
    package init() {}

    /// Counts; blocks.
    package init(of store: any StoreReading) throws(StoreError) {
        jobs = try store.jobStates()
        deadLetters = try store.deadLetterCountsByNode().map {
            PipelineSheet.DeadLetters(node: $0.node, code: $0.code, count: $0.count)
        }
        pending = try store.unsentMessages()
    }

    /// Writes what is stored of its nodes into a sheet.
    package func fill(_ sheet: inout PipelineSheet) {
        let own = Set(sheet.nodes.map(\.id))
        sheet.deadLetters = deadLetters.filter { own.contains($0.node) }
        for place in sheet.nodes.indices {
            let id = sheet.nodes[place].id
            switch sheet.nodes[place].kind {
            case .source:
                sheet.nodes[place].deadLetters = deadLetters.reduce(0) { $0 + ($1.node == id ? $1.count : 0) }
            case .sink: sheet.nodes[place].queue = PipelineQueue(waiting: pending[id] ?? 0)
            case .stage:
                guard sheet.nodes[place].hasJobs else { continue }
                var counts = PipelineJobs()
                counts.waiting = jobs[id]?[.open] ?? 0
                counts.done = jobs[id]?[.done] ?? 0
                counts.failed = jobs[id]?[.failed] ?? 0
                sheet.nodes[place].jobs = counts
            }
        }
    }
}

/// How a run ended that did not fail.
package struct RunOutcome: Sendable, Hashable {
    /// What a run that ended by itself has left undone.
    package enum Shortcoming: Sendable, Hashable {
        /// Jobs were given up, for a reason that does not pass by itself; words for a person.
        case failed(String)
        /// Jobs were left open since a server was away or they wait for another try, or messages could not be published;
        /// words for a person.
        case unfinished(String)
    }

    /// Whether it was asked to stop.
    package let isStopped: Bool
    /// The number of jobs that are failed, by node.
    package let failed: [String: Int]
    /// The number of jobs that were left open since the server of their model was away for too long, by node.
    package let left: [String: Int]
    /// The number of jobs that a stop has left open, by node; none if the run ended by itself.
    package let open: [String: Int]
    /// The number of messages that are left in the outbox since a sink took nothing for too long, by sink.
    package let unpublished: [String: Int]

    /// Makes an outcome.
    package init(
        isStopped: Bool, failed: [String: Int] = [:], left: [String: Int] = [:], open: [String: Int] = [:],
        unpublished: [String: Int] = [:]
    ) {
        self.isStopped = isStopped
        self.failed = failed
        self.left = left
        self.open = open
        self.unpublished = unpublished
    }

    /// What a stop has left to the next start, in words for a person; `nil` if no job is open.
    package var interruption: String? {
        guard isStopped, !open.isEmpty else { return nil }
        let (verb, object) = open.values.reduce(0, +) == 1 ? ("is", "it") : ("are", "them")
        return "\(Self.counted(open)) \(verb) left: the next start goes on with \(object)"
    }

    /// What a run that ended by itself has left undone; `nil` if nothing.
    ///
    /// What the next start does by itself comes first: until then it is not known what else will fail.
    package var shortcoming: Shortcoming? {
        guard !isStopped else { return nil }
        let unfinished = [
            left.isEmpty
                ? nil
                : "\(Self.counted(left)) left, since a server was away for longer than this run waits: they are done by the "
                    + "next start",
            unpublished.isEmpty
                ? nil
                : "\(Self.counted(unpublished, "message")) left in the outbox, since nothing could be published: that is "
                    + "done by the next start",
        ].compactMap(\.self)
        if !unfinished.isEmpty { return .unfinished(unfinished.joined(separator: "; ")) }
        guard !failed.isEmpty else { return nil }
        return .failed(
            "\(Self.counted(failed)) failed, so that results are missing; look at what the lines above say of it: the next "
                + "start tries them once more")
    }

    private static func counted(_ numbers: [String: Int], _ noun: String = "job") -> String {
        numbers.sorted { $0.key < $1.key }.map { "\($0.value) \($0.value == 1 ? noun : noun + "s") of \($0.key)" }
            .joined(separator: ", ")
    }
}

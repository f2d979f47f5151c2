package import Elements

/// What a source that can be resumed holds now, as far as its fences ask.
package protocol FencedContents: Sendable {
    /// How the source speaks of its contents.
    var words: SourceWords { get }

    /// Whether the topic is still one that the source reads.
    func reads(_ topic: String) -> Bool

    /// The offsets that a partition holds; `nil` if there is no such partition.
    func held(in partition: PartitionKey) -> HeldOffsets?

    /// The hash of the record that stands at an offset; `nil` if none does.
    func hash(ofRecordAt offset: Int64, in partition: PartitionKey) async throws -> UInt64?

    /// Where reading goes on if the record before a fence is another one, and that is accepted.
    func resumption(after fence: Fence) async throws -> Int64
}

extension FencedContents {
    package func resumption(after fence: Fence) async throws -> Int64 { fence.next }
}

/// Compares the fences of a source with what the source holds, and refuses or accepts what does not fit.
package struct FenceCheck: Sendable {
    /// The source node.
    package let node: String
    package let acceptsGap: Bool
    /// Notes that the evidence is no longer exact; reading does not start if that fails.
    package let onGap: @Sendable (_ what: String) throws -> Void

    /// The fences to start after: those that fit, and in place of one with an accepted gap one at which reading goes on.
    ///
    /// - Throws: `DaemonError` for a gap that is not accepted, and what `onGap` or the contents throw.
    package func passed(_ fences: [Fence], by contents: some FencedContents) async throws -> [Fence] {
        var kept: [Fence] = []
        for fence in fences {
            // A topic that is no longer read keeps its fence, for the day that it is read again.
            guard fence.source == node, contents.reads(fence.topic),
                let gap = try await gap(after: fence, in: contents)
            else {
                kept.append(fence)
                continue
            }
            guard acceptsGap else { throw gap.refusal }
            try onGap(gap.notice)
            guard let next = gap.next else { continue }
            kept.append(Fence(source: node, topic: fence.topic, partition: fence.partition, next: next, last: nil))
        }
        return kept
    }

    private func gap(after fence: Fence, in contents: some FencedContents) async throws -> FenceGap? {
        let partition = PartitionKey(of: fence)
        let held = contents.held(in: partition)
        if let gap = FenceGap(fence, held: held, words: contents.words) { return gap }
        // A record that is no longer held cannot be compared.
        guard let last = fence.last, let held, last.offset >= held.first else { return nil }
        let hash = try await contents.hash(ofRecordAt: last.offset, in: partition)
        guard hash != last.hash else { return nil }
        let next = try await contents.resumption(after: fence)
        return FenceGap(fence, last: last, hash: hash, next: next, words: contents.words)
    }
}

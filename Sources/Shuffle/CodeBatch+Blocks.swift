import Elements

/// A block, in one reading of its partition.
struct ReadBlock: Hashable {
    let block: CorpusBlock
    /// Which reading it is.
    let reading: Int

    /// The block of the record that a context is of, by where its partition stands after it.
    init(after fence: Fence, size: Int64) {
        block = CorpusBlock(after: fence, size: size)
        reading = fence.reading
    }
}

extension CodeBatch {
    /// The batch by the blocks of the records that its contexts are of, each part in the order of the batch.
    ///
    /// - Throws: `ShuffleError.noPlace` if a context does not say where its partition stands.
    func parted(bySize size: Int64) throws(ShuffleError) -> [(block: ReadBlock, part: CodeBatch)] {
        var order: [ReadBlock] = []
        var members: [ReadBlock: [(context: Int, row: Int)]] = [:]
        var row = 0
        for (number, context) in contexts.enumerated() {
            guard let fence = context.reached else { throw .noPlace }
            let block = ReadBlock(after: fence, size: size)
            if members[block] == nil { order.append(block) }
            members[block, default: []].append((number, row))
            row += context.tokens.count
        }
        guard rowStarts.count == row + 1 else { throw .malformedBatch }
        if order.count == 1, let only = order.first { return [(only, self)] }
        return order.map { block in (block, part(of: members[block] ?? [])) }
    }

    private func part(of members: [(context: Int, row: Int)]) -> CodeBatch {
        var (starts, latents, activations) = ([0], [Int32](), [Float]())
        for (number, row) in members {
            let length = contexts[number].tokens.count
            let pairs = rowStarts[row]..<max(rowStarts[row], rowStarts[row + length])
            let moved = latents.count - pairs.lowerBound
            for next in row..<row + length { starts.append(rowStarts[next + 1] + moved) }
            latents += self.latents[pairs.clamped(to: self.latents.indices)]
            activations += self.activations[pairs.clamped(to: self.activations.indices)]
        }
        return CodeBatch(
            contexts: members.map { contexts[$0.context] }, rowStarts: starts, latents: latents,
            activations: activations)
    }
}

/// Why codes cannot be shared among processes.
package enum ShuffleError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A context does not say of which record it is.
    case noPlace
    /// A batch whose rows are not those of its contexts.
    case malformedBatch

    /// What is wrong, and what to do.
    package var description: String {
        switch self {
        case .noPlace:
            "shuffle: codes do not say of which record they are, so nobody could tell what has been counted; "
                + "run the topology without --role"
        case .malformedBatch: "shuffle: a batch has other rows than tokens; the stage that made it is at fault"
        }
    }
}

import Elements
import Running

/// Notices that a topic which is being read is no longer the one that was read: made anew or cut off under the reader.
///
/// A gap counts once two looks in a row have shown one, since a broker that takes over a partition may know of less for a
/// moment.
struct TopicWatch {
    /// The time between two looks: two, with their answers, come within a minute.
    static let interval = Duration.seconds(20)

    private var isSuspected = false

    /// Compares what has been read with what the topics hold now.
    ///
    /// - Parameters:
    ///   - positions: The next offset that the reader has not been given, of every partition.
    ///   - counted: The fences of the last checkpoint.
    /// - Returns: The refusal of a start that met the same; `nil` if nothing is wrong, or not for certain.
    /// - Throws: What the contents throw; that look then says nothing.
    mutating func look(
        at contents: some FencedContents, positions: [PartitionKey: Int64], counted: [Fence]
    ) async throws -> DaemonError? {
        guard let gap = try await gap(in: contents, positions: positions, counted: counted) else {
            isSuspected = false
            return nil
        }
        defer { isSuspected = true }
        return isSuspected ? gap.refusal : nil
    }

    private func gap(
        in contents: some FencedContents, positions: [PartitionKey: Int64], counted: [Fence]
    ) async throws -> FenceGap? {
        let fences = Dictionary(counted.map { (PartitionKey(of: $0), $0) }, uniquingKeysWith: { $1 })
        for (partition, position) in positions.sorted(by: {
            ($0.key.topic, $0.key.partition) < ($1.key.topic, $1.key.partition)
        }) {
            guard let held = contents.held(in: partition) else { continue }
            if let gap = FenceGap(read: position, of: partition, held: held, words: contents.words) { return gap }
            // What retention has deleted after it was read is no loss.
            guard let fence = fences[partition], let last = fence.last, last.offset >= held.first,
                // A record that is not there may have been compacted away.
                let hash = try await contents.hash(ofRecordAt: last.offset, in: partition)
            else { continue }
            if let gap = FenceGap(fence, last: last, hash: hash, next: fence.next, words: contents.words) { return gap }
        }
        return nil
    }
}

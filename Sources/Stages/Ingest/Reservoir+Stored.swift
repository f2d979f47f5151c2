package import Evidence
package import Store

extension Reservoir {
    /// Merges what a node has stored at one checkpoint.
    ///
    /// - Parameters:
    ///   - place: The state, as messages name it.
    ///   - wanted: The latents of which samples and counts are wanted; `nil` for all.
    /// - Throws: `StoreError` naming node, checkpoint and byte if it is damaged, `EvidenceError` if it does not fit.
    package mutating func merge(
        _ segment: StoredSegment, of node: String, in place: String, about wanted: Set<Int>? = nil,
        sharing: WorkSharing = .alone
    ) throws {
        do {
            try merge(segment: segment.bytes, of: wanted, sharing: sharing)
        } catch EvidenceError.malformedSegment(let offset, let reason) {
            throw StoreError.damagedSegment(
                path: place, node: node, epoch: segment.epoch, reason: "byte \(offset): \(reason)")
        }
    }
}

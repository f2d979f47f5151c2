import Serving
import Store

/// Reads counts of latents from a state directory for `gloss tail --evidence`, by the topology that the state names.
///
/// All evidence is read for it, so what cannot be told now is tried again only after a while.
struct DirectoryCounts: Sendable {
    /// Why counts could not be read the last time; `nil` if they could, or were not needed.
    private(set) var fault: String?
    /// The calls before evidence is read again.
    private var pause = 0

    /// The calls, of which `DirectoryFollower` makes three a second, between two tries.
    private static let longestPause = 30

    /// What has grown, as `EvidenceFollower.next` tells it; blocks.
    ///
    /// - Parameter topology: The topology file; `nil` for the one that the state names.
    mutating func next(
        of follower: inout EvidenceFollower, in reader: StoreReader, at directory: String, topology: String?
    ) -> [String] {
        let isPaused = pause > 0
        var found = fault
        let events = follower.next(in: reader) {
            guard !isPaused else { return { _, _ in nil } }
            do {
                let stored = try StoredSheets(directory: directory, topology: topology) { _ in }
                found = stored.graph == nil ? Self.withoutTopology : nil
                // What is read after the notes is at least as late as they are.
                return { key, _ in stored.sheets.statistics(of: key, from: 0) }
            } catch {
                found = "the counts of latents cannot be read: \(error)"
                return { _, _ in nil }
            }
        }
        if !follower.isOwing {
            (fault, pause) = (nil, 0)
        } else {
            (fault, pause) = (found, isPaused ? pause - 1 : Self.longestPause)
        }
        return events
    }

    private static let withoutTopology =
        "the counts of latents cannot be read, since the topology of this state cannot be used; `gloss show` says why"
}

import Elements
import Foundation

/// The test windows of the scores of one method: how many were left out, so that no window scored had been shown.
public struct HeldOutSummary: Sendable, Hashable, Encodable {
    /// Test windows of all latents, scored or left out, in which they fire and in which they are silent; one that several
    /// latents share counts for each.
    public let windows: Int
    /// Those of them in which a latent is silent; 0 if the scores do not say.
    public let silent_windows: Int
    /// Windows left out because the latent's train side holds them too.
    public let left_out_as_known: Int
    /// Windows left out because they share thirteen tokens in a row with a window shown to the explainer.
    public let left_out_as_overlapping: Int
    /// Windows scored although they share thirteen tokens in a row (`overlap: keep`).
    public let scored_overlapping: Int
    /// Windows scored that the explainer was shown or could have been: none, since those are left out.
    public let identity_overlap = 0

    /// Windows from which the scored ones were drawn.
    public var kept: Int { windows - left_out_as_known - left_out_as_overlapping }

    /// Those of them in which a latent is silent.
    public let silent_kept: Int

    /// Sums up the scores' figures about their windows; `nil` if no score has any.
    init?(of scores: [Score]) {
        func count(_ name: String) -> Int {
            scores.reduce(0) { sum, score in
                score.details[name].map { sum + Int(($0.value * Double($0.count)).rounded()) } ?? sum
            }
        }
        func all(_ name: String) -> Int { scores.reduce(0) { $0 + ($1.details[name]?.count ?? 0) } }
        silent_windows = all("share_of_silent_dropped_by_overlap")
        windows = all("share_dropped_by_identity") + silent_windows
        guard windows > 0 else { return nil }
        left_out_as_known = count("share_dropped_by_identity")
        left_out_as_overlapping = count("share_dropped_by_overlap") + count("share_of_silent_dropped_by_overlap")
        scored_overlapping = count("share_overlapping") + count("share_of_silent_overlapping")
        silent_kept = silent_windows - count("share_of_silent_dropped_by_overlap")
    }

    /// The summary in a line.
    var line: String {
        func share(_ count: Int, of all: Int) -> String {
            String(format: "%.1f %%", 100 * Double(count) / Double(max(all, 1)))
        }
        let overlapping = left_out_as_overlapping + scored_overlapping
        let fate = scored_overlapping > 0 ? "were kept" : "were left out"
        let classes = silent_windows > 0 ? " (\(kept - silent_kept) firing, \(silent_kept) silent)" : ""
        return
            "\(identity_overlap) of \(kept) held-out windows\(classes) are on the train side (\(left_out_as_known) were left out); "
            + "\(share(overlapping, of: kept + left_out_as_overlapping)) share 13 tokens with one shown and \(fate)"
    }
}

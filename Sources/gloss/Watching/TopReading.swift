import Foundation
import LatentSheets
import PipelineSheets
import Serving

/// All that `gloss top` shows at one moment.
struct TopReading: Sendable, Codable {
    /// What is happening in the topology; `nil` if the topology is not known.
    var pipeline: PipelineSheet?
    /// How far the latents of each coder have come.
    var coders: [Overview.Coder]
    /// Why jobs were given up.
    var failures: [Overview.Failures]
    /// The latents that the filter finds.
    var found: Int
    /// All that there are.
    var total: Int
    /// Those that are shown.
    var latents: [LatentRow]
}

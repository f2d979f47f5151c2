/// What the metrics tell of what is stored, as it was when it was last read.
package struct StateFigures: Sendable, Hashable {
    /// Latents of a coder in a state.
    package struct Latents: Sendable, Hashable {
        package let coder: String
        package let state: String
        package let count: Int

        package init(coder: String, state: String, count: Int) {
            self.coder = coder
            self.state = state
            self.count = count
        }
    }

    /// The scores of one score node on the explanations of one explain node.
    package struct Scores: Sendable, Hashable {
        package let node: String
        package let explainedBy: String
        package let method: String
        package let latents: Int
        package let mean: Double
        /// What answers that know nothing give; `nil` if it is not known.
        package let chance: Double?
        /// The mean of each control, by its name.
        package let controls: [String: Double]
        /// Latents of which another one's explanation was scored as a control.
        package let controlled: Int

        package init(
            node: String, explainedBy: String, method: String, latents: Int, mean: Double, chance: Double?,
            controls: [String: Double], controlled: Int = 0
        ) {
            self.node = node
            self.explainedBy = explainedBy
            self.method = method
            self.latents = latents
            self.mean = mean
            self.chance = chance
            self.controls = controls
            self.controlled = controlled
        }
    }

    /// Jobs of a node and kind that are still to be done.
    package struct Waiting: Sendable, Hashable {
        package let node: String
        package let kind: String
        /// Since when the one waits that was planned, or last tried, first; in milliseconds since 1970.
        package let since: Int64

        package init(node: String, kind: String, since: Int64) {
            self.node = node
            self.kind = kind
            self.since = since
        }
    }

    package var latents: [Latents] = []
    package var scores: [Scores] = []
    package var waiting: [Waiting] = []
    /// The bytes of stored evidence, by reservoir.
    package var evidenceBytes: [String: Int] = [:]
    /// Messages that wait to be sent, by sink.
    package var unsent: [String: Int] = [:]
    /// The bytes of the database's files.
    package var stateBytes = 0

    package init() {}
}

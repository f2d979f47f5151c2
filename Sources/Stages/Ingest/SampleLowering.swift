/// A sample size and the lower one that has taken its place.
package struct SampleLowering: Sendable, Hashable {
    let from: Int
    let to: Int

    /// The notice of it.
    var text: String {
        "state.memory is running short: of each latent at most \(to) windows are sampled from now on, not \(from); "
            + "the evidence is that of a run with `sample: \(to)`"
    }
}
